import {
  weightCycleSchema,
  weightCycleSummarySchema,
  type WeightCycle,
  type WeightCycleSummary,
} from '@subnetkit/core'
import { z } from 'zod'

import { column } from '../codecs/column.ts'
import { rowCodec, type RowCodec } from '../codecs/row-codec.ts'

const TABLE = 'weight_cycles'

const state = column.enum8({ prepared: 1, submitted: 2, included: 3, revealed: 4, effective: 5, failed: 6 })

/** What stands before the vector of weights in the table, and what stands after it. */
const before = {
  netuid: column.uint16(),
  validatorHotkey: column.lowCardinality(),
  cycleId: column.string(),
  blockNumber: column.uint64Number(),
  snapshotId: column.string(),
  snapshotBlock: column.uint64Number(),
  rule: column.lowCardinality(),
  parametersHash: column.fixedString(64),
  burn: column.float64(),
  state,
  reason: column.nullable(column.string()),
  attempts: column.uint64Number(),
  versionKey: column.uint64(),
  mechanism: column.nullable(column.enum8({ plain: 1, hash_commit: 2, timelocked_commit: 3 })),
  inclusionBlock: column.nullable(column.uint64Number()),
  extrinsicHash: column.nullable(column.string()),
  revealBlock: column.nullable(column.uint64Number()),
  effectiveBlock: column.nullable(column.uint64Number()),
}
const after = {
  steps: column.array(
    column.tuple({
      state,
      at: column.dateTime64(),
      blockNumber: column.nullable(column.uint64Number()),
      detail: column.nullable(column.string()),
    }),
  ),
  createdAt: column.dateTime64(),
  updatedAt: column.dateTime64(),
}

/** `weight_cycles`, ReplacingMergeTree keyed by netuid, validator and cycle id; a change of state is a newer version. */
export const weightCycleRow: RowCodec<WeightCycle> = rowCodec({
  table: TABLE,
  engine: 'ReplacingMergeTree',
  schema: weightCycleSchema,
  columns: {
    ...before,
    weights: column.array(
      column.tuple({
        hotkey: column.string(),
        weight: column.float64(),
        uid: column.nullable(column.uint16()),
        value: column.nullable(column.uint16()),
      }),
    ),
    ...after,
  },
})

/** A cycle in `weight_cycles` as lists show it; the server counts the miners with weight when it stores the vector. */
export const weightCycleSummaryRow: RowCodec<WeightCycleSummary> = rowCodec({
  table: TABLE,
  engine: 'ReplacingMergeTree',
  schema: weightCycleSummarySchema,
  columns: { ...before, ...after, weightedMiners: column.uint32() },
})

const placeSchema = z.strictObject({
  cycleId: weightCycleSchema.shape.cycleId,
  createdAt: weightCycleSchema.shape.createdAt,
})

/** A cycle's place in the order of cycles. */
export type WeightCyclePlace = z.infer<typeof placeSchema>

/** Only the places of cycles in `weight_cycles`: sorting by them does not read the vectors of weights. */
export const weightCyclePlaceRow: RowCodec<WeightCyclePlace> = rowCodec({
  table: TABLE,
  engine: 'ReplacingMergeTree',
  schema: placeSchema,
  columns: { cycleId: column.string(), createdAt: column.dateTime64() },
})
