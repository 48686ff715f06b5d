import { z } from 'zod'

import {
  contentIdSchema,
  countSchema,
  hotkeySchema,
  instantSchema,
  netuidSchema,
  uidSchema,
  unitIntervalSchema,
} from './scalars.ts'
import { u16Schema } from './weight-cycle.ts'

/** Which pathway won: `none` is no weight at all, `rule` a rule without pathways. */
export const scoringPathways = ['excellence', 'diversity', 'none', 'rule'] as const
/** One of {@link scoringPathways}. */
export type TracedPathway = (typeof scoringPathways)[number]

/** How the curve ended: along it, by rank or with contrast when it left all alike, with nothing, or without a curve. */
export const tracedBranches = ['curve', 'rank', 'contrast', 'none', 'rule'] as const
/** One of {@link tracedBranches}. */
export type TracedBranch = (typeof tracedBranches)[number]

/** The name of a task whose scores become weights; environments are tasks here. */
export const taskNameSchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/, 'must be 1–128 visible ASCII characters without spaces')

/** One task on a miner's way from scores to its weight. */
export const traceTaskSchema = z.strictObject({
  task: taskNameSchema,
  /** Null when the miner has no score that counts. */
  score: z.number().nullable(),
  /** 0 to 100; null without one. */
  percentile: z.number().min(0).max(100).nullable(),
  isQualified: z.boolean(),
  /** Before the bonus, whichever pathway won. */
  contribution: z.number(),
  /** What it brought to the raw weight: these sum to it. */
  effectiveContribution: z.number(),
  /** Over all miners with a score: how many, and what the best start at; null where there are too few. */
  count: countSchema,
  excellenceCut: z.number().nullable(),
  mean: z.number().nullable(),
  deviation: z.number().nullable(),
  steepness: z.number().nullable(),
})
/** See {@link traceTaskSchema}. */
export type TraceTask = z.infer<typeof traceTaskSchema>

/** One miner's way in one cycle, from its scores to the number that was sent. */
export const minerWeightTraceSchema = z.strictObject({
  netuid: netuidSchema,
  validatorHotkey: hotkeySchema,
  cycleId: contentIdSchema,
  hotkey: hotkeySchema,
  /** When the weights were prepared; null for a hotkey that had none. */
  uid: uidSchema.nullable(),
  coldkey: hotkeySchema.nullable(),
  tasks: z.array(traceTaskSchema).max(64),
  pathway: z.enum(scoringPathways),
  bonus: z.number(),
  excellence: z.number(),
  /** The task that `excellence` came from; null without one. */
  excellenceTask: taskNameSchema.nullable(),
  diversity: z.number(),
  /** Before clusters. */
  raw: z.number(),
  clusterSize: countSchema,
  clusterFactor: unitIntervalSchema,
  /** Share of the largest raw weight. */
  normalised: unitIntervalSchema,
  midpoint: z.number().nullable(),
  deviation: z.number().nullable(),
  branch: z.enum(tracedBranches),
  curved: z.number(),
  /** The rule's own share, before burn and before anybody is passed over. */
  weight: unitIntervalSchema,
  /** Why less was sent than the rule gave: `owner`, `validator`, `not_registered`, …; null when nothing stood against it. */
  heldBack: z.string().min(1).max(64).nullable(),
  /** Share of all weight that was sent, burn included in the whole. */
  submittedWeight: unitIntervalSchema,
  /** As sent, 0 to 65535. */
  submittedValue: u16Schema,
  createdAt: instantSchema,
})
/** See {@link minerWeightTraceSchema}. */
export type MinerWeightTrace = z.infer<typeof minerWeightTraceSchema>
