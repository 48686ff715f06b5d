import {
  minerPerformanceKeySchema,
  minerPerformanceSchema,
  taskNameSchema,
  taskPerformanceSchema,
  type MinerPerformance,
  type MinerPerformanceKey,
  type TaskPerformance,
} from '@subnetkit/core'
import { z } from 'zod'

import { column } from '../codecs/column.ts'
import { rowCodec, type RowCodec } from '../codecs/row-codec.ts'
import type { PageKey } from '../query/read-page.ts'

const keyColumns = {
  netuid: column.uint16(),
  validatorHotkey: column.lowCardinality(),
  periodType: column.enum8({ daily: 1, weekly: 2, monthly: 3, all_time: 4 }),
  periodStart: column.dateTime64(),
  periodEnd: column.dateTime64(),
  minerUid: column.uint16(),
  minerHotkey: column.string(),
} as const

const figureColumns = {
  scoreMin: column.nullable(column.float64()),
  scoreMax: column.nullable(column.float64()),
  scoreDeviation: column.nullable(column.float64()),
  scoreMedian: column.nullable(column.float64()),
  scoreP25: column.nullable(column.float64()),
  scoreP75: column.nullable(column.float64()),
  performanceTrend: column.enum8({ improving: 1, declining: 2, stable: 3, insufficient_data: 4 }),
  trendSlope: column.nullable(column.float64()),
  trendConfidence: column.float64(),
} as const

/** Where a miner without rank stands: behind every other. */
const NO_RANK = 4_294_967_295

const { tasks: _tasks, ...overallShape } = minerPerformanceSchema.shape

const overallSchema = z.strictObject({
  ...overallShape,
  /** The rank again, as a number for everybody: a page cannot be ordered by null. */
  rankOrder: z.int().min(1).max(NO_RANK),
  taskNames: z.array(taskNameSchema),
})

/** The overall row of a miner's period: all but its tasks, of which it keeps the names. */
export type OverallPerformance = z.infer<typeof overallSchema>

/** `miner_performance_stats`, ReplacingMergeTree keyed by validator, period, uid and hotkey. */
export const overallPerformanceRow: RowCodec<OverallPerformance> = rowCodec({
  table: 'miner_performance_stats',
  engine: 'ReplacingMergeTree',
  schema: overallSchema,
  columns: {
    ...keyColumns,
    rankOrder: column.uint32(),
    totalTasksAttempted: column.uint64Number(),
    totalTasksCompleted: column.uint64Number(),
    totalTasksScored: column.uint64Number(),
    overallSuccessRate: column.nullable(column.float64()),
    overallAvgScore: column.nullable(column.float64()),
    overallRank: column.nullable(column.uint32()),
    ...figureColumns,
    lastActiveTime: column.nullable(column.dateTime64()),
    consecutiveFailures: column.uint64Number(),
    uptimePercentage: column.nullable(column.float64()),
    cycleId: column.nullable(column.string()),
    submittedWeight: column.nullable(column.float64()),
    submittedValue: column.nullable(column.uint16()),
    rawCalculatedWeight: column.nullable(column.float64()),
    excellenceWeight: column.nullable(column.float64()),
    diversityWeight: column.nullable(column.float64()),
    scoringPathway: column.nullable(column.lowCardinality()),
    multiTaskBonus: column.nullable(column.float64()),
    incentiveValue: column.nullable(column.uint16()),
    incentive: column.nullable(column.float64()),
    consensusRank: column.nullable(column.uint32()),
    weightSubmissionBlock: column.nullable(column.uint64Number()),
    consensusBlock: column.nullable(column.uint64Number()),
    taskNames: column.array(column.lowCardinality()),
    calculatedAt: column.dateTime64(),
    buriedAt: column.nullable(column.dateTime64()),
  },
})

const taskSchema = z.strictObject({ ...minerPerformanceKeySchema.shape, ...taskPerformanceSchema.shape })

/** A miner's period in one task, under its whole key. */
export type KeyedTaskPerformance = z.infer<typeof taskSchema>

/** `miner_performance_task_stats`, ReplacingMergeTree keyed like the overall row, and by task. */
export const taskPerformanceRow: RowCodec<KeyedTaskPerformance> = rowCodec({
  table: 'miner_performance_task_stats',
  engine: 'ReplacingMergeTree',
  schema: taskSchema,
  columns: {
    ...keyColumns,
    taskName: column.lowCardinality(),
    tasksAttempted: column.uint64Number(),
    tasksCompleted: column.uint64Number(),
    tasksScored: column.uint64Number(),
    successRate: column.nullable(column.float64()),
    avgScore: column.nullable(column.float64()),
    rank: column.nullable(column.uint32()),
    bestScore: column.nullable(column.float64()),
    latestScore: column.nullable(column.float64()),
    ...figureColumns,
    metrics: column.json(),
    weightScore: column.nullable(column.float64()),
    percentileRank: column.nullable(column.float64()),
    weightContribution: column.nullable(column.float64()),
    effectiveContribution: column.nullable(column.float64()),
    isQualified: column.bool(),
  },
})

/** A period's miners in their order: by rank, those without one last. */
export const rankOrder: readonly PageKey<OverallPerformance>[] = [
  { field: 'rankOrder', column: 'rank_order', type: 'UInt32' },
  { field: 'minerUid', column: 'miner_uid', type: 'UInt16' },
  { field: 'minerHotkey', column: 'miner_hotkey', type: 'String' },
]

/** A hotkey's periods in their order: the newest first. */
export const historyOrder: readonly PageKey<OverallPerformance>[] = [
  { field: 'periodStart', column: 'period_start', type: "DateTime64(3, 'UTC')", direction: 'desc' },
  { field: 'periodEnd', column: 'period_end', type: "DateTime64(3, 'UTC')", direction: 'desc' },
  { field: 'minerUid', column: 'miner_uid', type: 'UInt16' },
]

/** Parts one miner's statistics into the rows of the two tables. */
export function toRows({ tasks, ...overall }: MinerPerformance): {
  readonly overall: OverallPerformance
  readonly tasks: readonly KeyedTaskPerformance[]
} {
  const { netuid, validatorHotkey, periodType, periodStart, periodEnd, minerUid, minerHotkey } = overall
  const key = { netuid, validatorHotkey, periodType, periodStart, periodEnd, minerUid, minerHotkey }
  return {
    overall: {
      ...overall,
      rankOrder: overall.overallRank ?? NO_RANK,
      taskNames: tasks.map(({ taskName }) => taskName),
    },
    tasks: tasks.map((task) => ({ ...key, ...task })),
  }
}

/** What tells one miner's period from another of the same validator and type. */
function minerPeriodOf({ periodStart, periodEnd, minerUid, minerHotkey }: MinerPerformanceKey): string {
  return `${periodStart.getTime()} ${periodEnd.getTime()} ${minerUid} ${minerHotkey}`
}

/**
 * Puts rows of one validator and period type together again. Only tasks that the overall row names count: others are
 * left over from an earlier computation. A named one that is missing was removed by the engine's retention.
 */
export function toPerformances(
  rows: readonly OverallPerformance[],
  taskRows: readonly KeyedTaskPerformance[],
): readonly MinerPerformance[] {
  const tasks = new Map<string, Map<string, TaskPerformance>>()
  for (const { netuid: _netuid, validatorHotkey: _validator, ...row } of taskRows) {
    const { periodType: _type, periodStart, periodEnd, minerUid, minerHotkey, ...task } = row
    const name = `${periodStart.getTime()} ${periodEnd.getTime()} ${minerUid} ${minerHotkey}`
    const known = tasks.get(name) ?? new Map<string, TaskPerformance>()
    tasks.set(name, known.set(task.taskName, task))
  }
  return rows.map(({ rankOrder: _rankOrder, taskNames, ...overall }) => {
    const own = tasks.get(minerPeriodOf(overall))
    return {
      ...overall,
      tasks: taskNames.flatMap((name) => {
        const task = own?.get(name)
        return task === undefined ? [] : [task]
      }),
    }
  })
}
