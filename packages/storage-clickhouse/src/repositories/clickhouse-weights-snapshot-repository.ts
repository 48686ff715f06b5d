import {
  checkNotFuture,
  requireSameSnapshot,
  topMinerOf,
  uuidSchema,
  weightsSnapshotSchema,
  type WeightsSnapshotRepository,
} from '@subnetkit/core'

import { insertRows } from '../query/insert-rows.ts'
import { readOne } from '../query/read-rows.ts'
import { checkParam } from './check-param.ts'
import { signalOf } from './key-condition.ts'
import type { RepositoryContext } from './keyed-rows.ts'
import { weightsSnapshotRow } from './weights-snapshot-rows.ts'

/**
 * Snapshots in `weights_history`. A put looks for the id first; two of one id at once with different times are not told
 * apart, and both stay.
 */
export function createClickHouseWeightsSnapshotRepository({
  connection,
  version,
}: RepositoryContext): WeightsSnapshotRepository {
  const find: WeightsSnapshotRepository['find'] = async ({ id }, options) => {
    checkParam('id', uuidSchema, id)
    return readOne(connection, weightsSnapshotRow, {
      sql: 'SELECT {columns} FROM {table} WHERE id = {id:String} ORDER BY timestamp LIMIT 1',
      params: { id },
      ...signalOf(options),
    })
  }
  const findLatest: WeightsSnapshotRepository['findLatest'] = async (options) =>
    readOne(connection, weightsSnapshotRow, {
      sql: 'SELECT {columns} FROM {table} ORDER BY timestamp DESC, id DESC LIMIT 1',
      ...signalOf(options),
    })
  return {
    find,
    findLatest,
    async put({ snapshot, now }, options) {
      checkParam('snapshot', weightsSnapshotSchema, snapshot)
      checkNotFuture('timestamp', snapshot.timestamp, now)
      const stored = await find(snapshot, options)
      if (stored === null) {
        await insertRows(connection, weightsSnapshotRow, [snapshot], { version, ...signalOf(options) })
      } else requireSameSnapshot(stored, snapshot)
    },
    async findTopMiner(options) {
      return topMinerOf((await findLatest(options))?.minerWeights ?? [])
    },
  }
}
