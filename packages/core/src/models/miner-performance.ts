import { z } from 'zod'

import { scoringPathways, taskNameSchema } from './miner-weight-trace.ts'
import { periodTypes } from './performance-period.ts'
import {
  blockNumberSchema,
  contentIdSchema,
  countSchema,
  hotkeySchema,
  instantSchema,
  netuidSchema,
  uidSchema,
  unitIntervalSchema,
} from './scalars.ts'
import { u16Schema } from './weight-cycle.ts'

/** Where a miner's scores are going; `insufficient_data` is fewer than three scores in the trend's window. */
export const performanceTrends = ['improving', 'declining', 'stable', 'insufficient_data'] as const
/** One of {@link performanceTrends}. */
export type PerformanceTrend = (typeof performanceTrends)[number]

/** Whose statistics of which period: the validator's view of one hotkey at one uid. Nothing of it is ever left out of a key. */
export const minerPerformanceKeySchema = z.strictObject({
  netuid: netuidSchema,
  validatorHotkey: hotkeySchema,
  periodType: z.enum(periodTypes),
  periodStart: instantSchema,
  /** The first instant of the next period. */
  periodEnd: instantSchema,
  minerUid: uidSchema,
  minerHotkey: hotkeySchema,
})
/** See {@link minerPerformanceKeySchema}. */
export type MinerPerformanceKey = z.infer<typeof minerPerformanceKeySchema>

const rankSchema = z.int().min(1).max(4_294_967_294).nullable()
const percentageSchema = z.number().min(0).max(100).nullable()

/** What is told of scores, of one task or of all: null where there are none. */
const scoreFigures = {
  scoreMin: z.number().nullable(),
  scoreMax: z.number().nullable(),
  /** Of the population, not of a sample of it. */
  scoreDeviation: z.number().min(0).nullable(),
  scoreMedian: z.number().nullable(),
  /** Quartiles, between neighbours by linear interpolation. */
  scoreP25: z.number().nullable(),
  scoreP75: z.number().nullable(),
  performanceTrend: z.enum(performanceTrends),
  /** Change of the score per day, over all tasks with a level for each; null with too few scores. */
  trendSlope: z.number().nullable(),
  /** How well a line fits: the size of the correlation, 0 to 1. */
  trendConfidence: unitIntervalSchema,
} as const

/** A miner's period in one task. */
export const taskPerformanceSchema = z.strictObject({
  taskName: taskNameSchema,
  /** Attempts that reached the miner or failed by its fault. */
  tasksAttempted: countSchema,
  /** Attempts that it answered. */
  tasksCompleted: countSchema,
  /** Scores that it was given. */
  tasksScored: countSchema,
  /** Completed of attempted; null without attempts. */
  successRate: unitIntervalSchema.nullable(),
  avgScore: z.number().nullable(),
  /** By average among the miners with a score in the task: 1, 1, 3. */
  rank: rankSchema,
  bestScore: z.number().nullable(),
  latestScore: z.number().nullable(),
  ...scoreFigures,
  /** Means of what the task measures besides its score, such as `surface_rmse`. */
  metrics: z.record(z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, 'must be a lower-case word'), z.number()),
  /** The task on the miner's way to its weight, as its trace has it; null without a trace that has the task. */
  weightScore: z.number().nullable(),
  percentileRank: percentageSchema,
  /** Before the bonus, whichever pathway won. */
  weightContribution: z.number().nullable(),
  /** What it brought to the raw weight: these sum to it. */
  effectiveContribution: z.number().nullable(),
  /** At or above the task's excellence cut. */
  isQualified: z.boolean(),
})
/** See {@link taskPerformanceSchema}. */
export type TaskPerformance = z.infer<typeof taskPerformanceSchema>

/** How one miner did in one period, as one validator saw it: over all tasks, and task by task. */
export const minerPerformanceSchema = z.strictObject({
  ...minerPerformanceKeySchema.shape,
  totalTasksAttempted: countSchema,
  totalTasksCompleted: countSchema,
  totalTasksScored: countSchema,
  /** Completed of attempted; null without attempts. */
  overallSuccessRate: unitIntervalSchema.nullable(),
  /** Mean of the tasks' averages, each counted as often as it was scored; null without scores. */
  overallAvgScore: z.number().nullable(),
  /** By that mean among the miners with a score: 1, 1, 3. */
  overallRank: rankSchema,
  ...scoreFigures,
  /** When it last answered, or was last scored where no attempts are on record; null when neither was. */
  lastActiveTime: instantSchema.nullable(),
  /** Attempts in a row, up to its last one of the period, that failed by its fault. */
  consecutiveFailures: countSchema,
  /** Of the UTC hours in which it was asked, the share in which it answered at least once, in per cent; null when never asked. */
  uptimePercentage: percentageSchema,
  /** The weights that these columns tell of; null without a trace. */
  cycleId: contentIdSchema.nullable(),
  /** Share of all weight that this validator sent. */
  submittedWeight: unitIntervalSchema.nullable(),
  /** As sent, 0 to 65535. */
  submittedValue: u16Schema.nullable(),
  rawCalculatedWeight: z.number().nullable(),
  excellenceWeight: z.number().nullable(),
  diversityWeight: z.number().nullable(),
  scoringPathway: z.enum(scoringPathways).nullable(),
  multiTaskBonus: z.number().nullable(),
  /** What the chain made of everybody's weights, as its own u16; null when the hotkey was not at the uid. */
  incentiveValue: u16Schema.nullable(),
  /** `incentiveValue` of 65535. */
  incentive: unitIntervalSchema.nullable(),
  /** By incentive among those with any: 1, 1, 3. */
  consensusRank: rankSchema,
  weightSubmissionBlock: blockNumberSchema.nullable(),
  /** Block of the epoch that the incentive is from. */
  consensusBlock: blockNumberSchema.nullable(),
  /** In the order of names, each once. */
  tasks: z
    .array(taskPerformanceSchema)
    .max(64)
    .refine(
      (tasks) => tasks.every((task, at) => at === 0 || (tasks[at - 1]?.taskName ?? '') < task.taskName),
      {
        message: 'must be in the order of task names, each once',
      },
    ),
  /** When these numbers were computed. */
  calculatedAt: instantSchema,
  /** Since when the hotkey is known to be deregistered at the uid; null while it is not. Set by `bury`. */
  buriedAt: instantSchema.nullable(),
})
/** See {@link minerPerformanceSchema}. */
export type MinerPerformance = z.infer<typeof minerPerformanceSchema>
