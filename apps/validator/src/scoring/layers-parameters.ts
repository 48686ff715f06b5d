import { z } from 'zod'

/** By how much a later miner has to be better than an earlier one; at least `least`, at most `most`. */
const thresholdSchema = z.discriminatedUnion('kind', [
  /** A share of what the earlier one lacks to 1. */
  z.strictObject({
    kind: z.literal('remaining_share'),
    share: z.number().min(0).max(1).default(0.2),
    least: z.number().min(0).max(1).default(0.02),
    most: z.number().min(0).max(1).default(0.1),
  }),
  /** A multiple of the standard error of the earlier one's mean: many samples make a small gap enough. */
  z.strictObject({
    kind: z.literal('standard_error'),
    factor: z.number().min(0).max(100).default(1.5),
    least: z.number().min(0).max(1).default(0.02),
    most: z.number().min(0).max(1).default(0.1),
  }),
])
/** See {@link thresholdSchema}. */
export type ThresholdParameters = z.infer<typeof thresholdSchema>

/** How the environments of a subset become one number. */
const subsetMeanSchema = z.discriminatedUnion('kind', [
  /** 0 as soon as one environment is 0. */
  z.strictObject({ kind: z.literal('geometric') }),
  /** The geometric mean of scores raised by epsilon, minus epsilon: one zero no longer costs everything. */
  z.strictObject({ kind: z.literal('smoothed'), epsilon: z.number().gt(0).max(1).default(0.1) }),
])
/** See {@link subsetMeanSchema}. */
export type SubsetMeanParameters = z.infer<typeof subsetMeanSchema>

/** Who gets too little to get anything. */
const minimumSchema = z.discriminatedUnion('kind', [
  /** Below these raw points a miner gets nothing, and the others share its part. */
  z.strictObject({ kind: z.literal('points'), points: z.number().min(0).default(0.5) }),
  /** Below these points, or below this share of the rest, a miner gets nothing; such shares go to uid 0, not to others. */
  z.strictObject({
    kind: z.literal('share'),
    points: z.number().min(0).default(0.01),
    share: z.number().min(0).max(1).default(0.01),
  }),
])
/** See {@link minimumSchema}. */
export type MinimumParameters = z.infer<typeof minimumSchema>

/**
 * Every constant of the `layers` rule: the value of the configuration key `scoring.layers`. What is absent has the value
 * that the rule had when it was introduced; the other kinds are its later variants.
 */
export const layersParametersSchema = z.strictObject({
  /** Subsets of so many sizes count, from all environments downwards. */
  maxLayers: z.int().min(1).max(16).default(6),
  /** Each layer weighs so many times the one below. */
  layerGrowth: z.number().min(1).max(10).default(2),
  threshold: thresholdSchema.default({ kind: 'remaining_share', share: 0.2, least: 0.02, most: 0.1 }),
  /** Scores this close to a threshold have not passed it. */
  tieMargin: z.number().min(0).max(0.1).default(1e-9),
  subsetMean: subsetMeanSchema.default({ kind: 'geometric' }),
  /** What each rank within a subset counts of the rank before it. */
  rankDecay: z.number().gt(0).max(1).default(0.5),
  /** Who gets a subset in which nobody is above 0: all that are left share it, or nobody gets it. */
  whenAllZero: z.enum(['equal_split', 'nobody']).default('equal_split'),
  minimum: minimumSchema.default({ kind: 'points', points: 0.5 }),
  /** Probability that a true mean lies within its interval. */
  confidenceLevel: z.number().gt(0).lt(1).default(0.8),
})
/** See {@link layersParametersSchema}. */
export type LayersParameters = z.infer<typeof layersParametersSchema>
