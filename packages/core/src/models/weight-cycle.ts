import { z } from 'zod'

import {
  blockNumberSchema,
  contentIdSchema,
  countSchema,
  hotkeySchema,
  instantSchema,
  netuidSchema,
  sha256Schema,
  uidSchema,
  uint64Schema,
  unitIntervalSchema,
} from './scalars.ts'

/** The most miners of one vector of weights: no subnet has more uids. */
export const MAX_WEIGHTS = 65_536

/** A number as the chain keeps weights, incentive and consensus: 0 to 65535. */
export const u16Schema = z.int().min(0).max(65_535)

/**
 * Where a cycle stands.
 *
 * `prepared`: weights are computed and held by hotkey. `submitted`: they were handed to the chain, whose answer is not
 * known yet. `included`: a block has them; with commit-reveal it has the commit. `revealed`: the chain holds exactly
 * our numbers. `effective`: an epoch ran on them. `failed`: they will never be; `reason` says why.
 */
export const weightCycleStates = [
  'prepared',
  'submitted',
  'included',
  'revealed',
  'effective',
  'failed',
] as const
/** One of {@link weightCycleStates}. */
export type WeightCycleState = (typeof weightCycleStates)[number]

/** How weights reach the chain: as they are, as a hash that we reveal later, or locked until a round of drand. */
export const submissionMechanisms = ['plain', 'hash_commit', 'timelocked_commit'] as const
/** One of {@link submissionMechanisms}. */
export type SubmissionMechanism = (typeof submissionMechanisms)[number]

/** One change of state, in the order in which they happened. */
export const weightCycleStepSchema = z.strictObject({
  state: z.enum(weightCycleStates),
  at: instantSchema,
  /** Block of the chain that it is known from; null before the chain had a part in it. */
  blockNumber: blockNumberSchema.nullable(),
  /** What a person wants to know of it: a refusal, a hash, a try that is repeated. */
  detail: z.string().min(1).max(1_000).nullable(),
})
/** See {@link weightCycleStepSchema}. */
export type WeightCycleStep = z.infer<typeof weightCycleStepSchema>

/** One miner in a vector of weights; held by hotkey, because its uid may be another's tomorrow. */
export const cycleWeightSchema = z.strictObject({
  hotkey: hotkeySchema,
  /** Share of all weight, burn included; they sum to 1. */
  weight: unitIntervalSchema,
  /** The uid that it was sent to; null until it is sent, and when the hotkey had left by then. */
  uid: uidSchema.nullable(),
  /** As sent, the largest of a vector being 65535; 0 is not sent. Null until it is sent. */
  value: u16Schema.nullable(),
})
/** See {@link cycleWeightSchema}. */
export type CycleWeight = z.infer<typeof cycleWeightSchema>

/** One vector of weights of one validator, from the scores that it was made of to the epoch that paid by it. */
export const weightCycleSchema = z.strictObject({
  netuid: netuidSchema,
  validatorHotkey: hotkeySchema,
  /** Derived from what the weights are made of: preparing the same again is the same cycle. */
  cycleId: contentIdSchema,
  /** The chain's newest block when the weights were prepared. */
  blockNumber: blockNumberSchema,
  /** The scores that became weights. */
  snapshotId: contentIdSchema,
  snapshotBlock: blockNumberSchema,
  /** Name of the weight rule. */
  rule: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/),
  /** Of the rule's parameters as canonical JSON. */
  parametersHash: sha256Schema,
  /** Share that goes to the burn hotkey. */
  burn: unitIntervalSchema,
  state: z.enum(weightCycleStates),
  /** Why it failed: a short code, such as the chain's own name of the error; null otherwise. */
  reason: z.string().min(1).max(256).nullable(),
  /** Submissions tried. */
  attempts: countSchema,
  versionKey: uint64Schema,
  mechanism: z.enum(submissionMechanisms).nullable(),
  /** Block that holds the weights or their commit. */
  inclusionBlock: blockNumberSchema.nullable(),
  extrinsicHash: z
    .string()
    .regex(/^0x[0-9a-f]{64}$/)
    .nullable(),
  /** Block at which the chain held our numbers. */
  revealBlock: blockNumberSchema.nullable(),
  /** Block of the first epoch that ran on them. */
  effectiveBlock: blockNumberSchema.nullable(),
  weights: z.array(cycleWeightSchema).max(MAX_WEIGHTS),
  steps: z.array(weightCycleStepSchema).min(1).max(1_000),
  createdAt: instantSchema,
  updatedAt: instantSchema,
})
/** See {@link weightCycleSchema}. */
export type WeightCycle = z.infer<typeof weightCycleSchema>

/** A cycle without its vector: what a list of cycles shows, at a few hundred bytes each however large the subnet is. */
export const weightCycleSummarySchema = weightCycleSchema.omit({ weights: true }).extend({
  /** Miners whose weight is above zero. */
  weightedMiners: z.int().min(0).max(MAX_WEIGHTS),
})
/** See {@link weightCycleSummarySchema}. */
export type WeightCycleSummary = z.infer<typeof weightCycleSummarySchema>

/** What a list shows of a cycle. */
export function summariseWeightCycle({ weights, ...cycle }: WeightCycle): WeightCycleSummary {
  return { ...cycle, weightedMiners: weights.filter(({ weight }) => weight > 0).length }
}
