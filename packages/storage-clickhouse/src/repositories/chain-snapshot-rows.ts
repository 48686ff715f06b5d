import { chainNeuronSchema, type ChainNeuron } from '@subnetkit/core'
import { z } from 'zod'

import { column } from '../codecs/column.ts'
import { rowCodec, rowReader, type RowCodec } from '../codecs/row-codec.ts'

/** `chain_snapshots`, ReplacingMergeTree keyed by netuid, epoch and uid. */
export const chainNeuronRow: RowCodec<ChainNeuron> = rowCodec({
  table: 'chain_snapshots',
  engine: 'ReplacingMergeTree',
  schema: chainNeuronSchema,
  columns: {
    netuid: column.uint16(),
    epochBlock: column.uint64Number(),
    uid: column.uint16(),
    hotkey: column.string(),
    coldkey: column.string(),
    stake: column.uint64(),
    incentive: column.uint16(),
    dividends: column.uint16(),
    consensus: column.uint16(),
    validatorTrust: column.uint16(),
    emission: column.uint64(),
    hasPermit: column.bool(),
    isActive: column.bool(),
    lastUpdate: column.uint64Number(),
    registeredAt: column.uint64Number(),
    observedAt: column.dateTime64(),
  },
})

const { netuid, hotkey, epochBlock, uid, incentive, dividends, observedAt } = chainNeuronSchema.shape
const point = { epochBlock, uid, incentive, dividends, observedAt }
const pointColumns = {
  epochBlock: column.uint64Number(),
  uid: column.uint16(),
  incentive: column.uint16(),
  dividends: column.uint16(),
  observedAt: column.dateTime64(),
}
const pointRowSchema = z.strictObject({ netuid, hotkey, ...point, isDeleted: z.int().min(0).max(1) })

/** A neuron in the history of its hotkey. */
export type ChainSnapshotPointRow = z.infer<typeof pointRowSchema>

/**
 * `chain_snapshot_points`, ReplacingMergeTree: the neurons by hotkey. A view fills it; the repository itself only marks
 * rows as deleted, which FINAL then hides.
 */
export const chainSnapshotPointRow: RowCodec<ChainSnapshotPointRow> = rowCodec({
  table: 'chain_snapshot_points',
  engine: 'ReplacingMergeTree',
  schema: pointRowSchema,
  columns: { netuid: column.uint16(), hotkey: column.string(), ...pointColumns, isDeleted: column.uint8() },
})

/** What a hotkey's history shows of each epoch. */
export const incentivePointReader = rowReader({
  label: 'incentive of a hotkey',
  schema: z.strictObject(point),
  columns: pointColumns,
})

const epochSchema = z.strictObject({ netuid, epochBlock })

/** `chain_snapshot_epochs`, ReplacingMergeTree: which epochs are stored. A view fills it, nothing else writes to it. */
export const chainSnapshotEpochRow: RowCodec<z.infer<typeof epochSchema>> = rowCodec({
  table: 'chain_snapshot_epochs',
  engine: 'ReplacingMergeTree',
  schema: epochSchema,
  columns: { netuid: column.uint16(), epochBlock: column.uint64Number() },
})
