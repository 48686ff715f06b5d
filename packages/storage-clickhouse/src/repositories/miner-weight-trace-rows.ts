import { minerWeightTraceSchema, type MinerWeightTrace } from '@subnetkit/core'
import { z } from 'zod'

import { column } from '../codecs/column.ts'
import { rowCodec, rowReader, type RowCodec } from '../codecs/row-codec.ts'

const score = column.nullable(column.float64())

/** `miner_weight_traces`, ReplacingMergeTree keyed by netuid, validator, cycle id and hotkey. */
export const minerWeightTraceRow: RowCodec<MinerWeightTrace> = rowCodec({
  table: 'miner_weight_traces',
  engine: 'ReplacingMergeTree',
  schema: minerWeightTraceSchema,
  columns: {
    netuid: column.uint16(),
    validatorHotkey: column.lowCardinality(),
    cycleId: column.string(),
    hotkey: column.string(),
    uid: column.nullable(column.uint16()),
    coldkey: column.nullable(column.string()),
    tasks: column.array(
      column.tuple({
        task: column.lowCardinality(),
        score,
        percentile: score,
        isQualified: column.bool(),
        contribution: column.float64(),
        effectiveContribution: column.float64(),
        count: column.uint64Number(),
        excellenceCut: score,
        mean: score,
        deviation: score,
        steepness: score,
      }),
    ),
    pathway: column.enum8({ excellence: 1, diversity: 2, none: 3, rule: 4 }),
    bonus: column.float64(),
    excellence: column.float64(),
    excellenceTask: column.nullable(column.lowCardinality()),
    diversity: column.float64(),
    raw: column.float64(),
    clusterSize: column.uint64Number(),
    clusterFactor: column.float64(),
    normalised: column.float64(),
    midpoint: score,
    deviation: score,
    branch: column.enum8({ curve: 1, rank: 2, contrast: 3, none: 4, rule: 5 }),
    curved: column.float64(),
    weight: column.float64(),
    heldBack: column.nullable(column.lowCardinality()),
    submittedWeight: column.float64(),
    submittedValue: column.uint16(),
    createdAt: column.dateTime64(),
  },
})

const { netuid, validatorHotkey, hotkey, cycleId, createdAt, weight, submittedWeight, submittedValue } =
  minerWeightTraceSchema.shape
const point = { cycleId, at: createdAt, weight, submittedWeight, submittedValue }
const pointColumns = {
  cycleId: column.string(),
  at: column.dateTime64(),
  weight: column.float64(),
  submittedWeight: column.float64(),
  submittedValue: column.uint16(),
}
const pointRowSchema = z.strictObject({ netuid, validatorHotkey, hotkey, ...point })

/** `miner_weight_trace_points`, ReplacingMergeTree: the traces by miner. A view fills it, nothing else writes to it. */
export const minerWeightTracePointRow: RowCodec<z.infer<typeof pointRowSchema>> = rowCodec({
  table: 'miner_weight_trace_points',
  engine: 'ReplacingMergeTree',
  schema: pointRowSchema,
  columns: {
    netuid: column.uint16(),
    validatorHotkey: column.lowCardinality(),
    hotkey: column.string(),
    ...pointColumns,
  },
})

/** What a miner's history shows of each cycle. */
export const minerWeightPointReader = rowReader({
  label: 'weights of a miner',
  schema: z.strictObject(point),
  columns: pointColumns,
})
