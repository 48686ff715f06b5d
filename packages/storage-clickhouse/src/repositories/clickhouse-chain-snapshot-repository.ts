import {
  blockNumberSchema,
  hotkeySchema,
  netuidSchema,
  type CallOptions,
  type ChainNeuron,
  type ChainSnapshotRepository,
} from '@subnetkit/core'
import { z } from 'zod'

import { column } from '../codecs/column.ts'
import { rowReader } from '../codecs/row-codec.ts'
import { insertRows } from '../query/insert-rows.ts'
import { readAll, readOne } from '../query/read-rows.ts'
import { from } from '../query/table-name.ts'
import {
  chainNeuronRow,
  chainSnapshotEpochRow,
  chainSnapshotPointRow,
  incentivePointReader,
  type ChainSnapshotPointRow,
} from './chain-snapshot-rows.ts'
import { checkEpoch } from './check-epoch.ts'
import { checkLimit, checkParam } from './check-param.ts'
import { signalOf, type Condition } from './key-condition.ts'
import type { RepositoryContext } from './keyed-rows.ts'

const epochReader = rowReader({
  label: 'the last epoch',
  schema: z.strictObject({ epochBlock: blockNumberSchema }),
  columns: { epochBlock: column.uint64Number() },
})

function epochCondition({ netuid, epochBlock }: Pick<ChainNeuron, 'netuid' | 'epochBlock'>): Condition {
  checkParam('netuid', netuidSchema, netuid)
  checkParam('epochBlock', blockNumberSchema, epochBlock)
  return {
    where: 'netuid = {netuid:UInt16} AND epoch_block = {epochBlock:UInt64}',
    params: { netuid, epochBlock },
  }
}

/** Neurons in `chain_snapshots`; a hotkey's history is read from `chain_snapshot_points`, which follows it. */
export function createClickHouseChainSnapshotRepository({
  connection,
  version,
}: RepositoryContext): ChainSnapshotRepository {
  const list = async (
    epoch: Pick<ChainNeuron, 'netuid' | 'epochBlock'>,
    options: CallOptions | undefined,
  ): Promise<readonly ChainNeuron[]> => {
    const { where, params } = epochCondition(epoch)
    const sql = `SELECT {columns} FROM {table} WHERE ${where} ORDER BY uid`
    return readAll(connection, chainNeuronRow, { sql, params, ...signalOf(options) })
  }
  return {
    async put({ neurons }, options) {
      options?.signal?.throwIfAborted()
      const epoch = checkEpoch(neurons)
      if (epoch === null) return
      // Before the neurons themselves: after a crash in between, putting the epoch again still sees who was replaced.
      const replaced = replacedPoints(await list(epoch, options), neurons)
      const writing = { version, ...signalOf(options) }
      await insertRows(connection, chainSnapshotPointRow, replaced, writing)
      await insertRows(connection, chainNeuronRow, neurons, writing)
    },
    async findLatestEpoch({ netuid }, options) {
      checkParam('netuid', netuidSchema, netuid)
      const last = await readOne(connection, epochReader, {
        sql: `SELECT {columns} FROM ${from(connection, chainSnapshotEpochRow)} WHERE netuid = {netuid:UInt16}
ORDER BY epoch_block DESC LIMIT 1`,
        params: { netuid },
        ...signalOf(options),
      })
      return last?.epochBlock ?? null
    },
    list,
    async listPoints({ netuid, hotkey, limit }, options) {
      checkParam('netuid', netuidSchema, netuid)
      checkParam('hotkey', hotkeySchema, hotkey)
      checkLimit(limit)
      return readAll(connection, incentivePointReader, {
        sql: `SELECT {columns} FROM ${from(connection, chainSnapshotPointRow)}
WHERE netuid = {netuid:UInt16} AND hotkey = {hotkey:String} ORDER BY epoch_block DESC, uid LIMIT {limit:UInt32}`,
        params: { netuid, hotkey, limit },
        ...signalOf(options),
      })
    },
  }
}

/** The marks that hide, in the history of hotkeys, neurons whose uid now is another hotkey's. */
function replacedPoints(
  before: readonly ChainNeuron[],
  neurons: readonly ChainNeuron[],
): readonly ChainSnapshotPointRow[] {
  const hotkeys = new Map(neurons.map(({ uid, hotkey }) => [uid, hotkey]))
  return before
    .filter(({ uid, hotkey }) => (hotkeys.get(uid) ?? hotkey) !== hotkey)
    .map(({ netuid, hotkey, epochBlock, uid, incentive, dividends, observedAt }) => ({
      netuid,
      hotkey,
      epochBlock,
      uid,
      incentive,
      dividends,
      observedAt,
      isDeleted: 1,
    }))
}
