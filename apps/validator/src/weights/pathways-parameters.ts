import { z } from 'zod'

const share = z.number().min(0).max(1)
const positive = z.number().gt(0).max(1e6)
const real = z.number().min(-1e6).max(1e6)
const smallCount = z.int().min(1).max(1_000_000)

const taskSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_.:/-]{0,127}$/, 'must be a letter, then letters, digits or _ . : / -'),
  /** The factor of its scores; weights of all tasks need not sum to one. */
  weight: z.number().gt(0).max(1_000),
  /** `sigmoid` spreads scores that lie close together before the diversity pathway; excellence takes them as they are. */
  treatment: z.enum(['raw', 'sigmoid']).default('raw'),
})
/** A task that counts, in the order in which contributions are summed. */
export type WeightTask = z.infer<typeof taskSchema>

/** Weather, geomagnetic and soil, as they were weighed together. */
const THREE_TASKS: readonly z.input<typeof taskSchema>[] = [
  { name: 'weather', weight: 0.7 },
  { name: 'geomagnetic', weight: 0.15, treatment: 'sigmoid' },
  { name: 'soil', weight: 0.15 },
]

const uniformitySchema = z.discriminatedUnion('kind', [
  /** Curved weights closer together than `maxDeviation` (population) are replaced by 1 / rank^exponent. */
  z.strictObject({
    kind: z.literal('rank'),
    maxDeviation: share.default(0.01),
    exponent: positive.default(1.2),
    /** Who comes first among equals: nobody (they share the mean of their places), the lower uid, the hotkey that sorts first, or whoever is listed first. */
    ties: z.enum(['shared', 'uid', 'hotkey', 'listed']).default('shared'),
  }),
  /** Curved weights whose coefficient of variation is below `minVariation` are multiplied by max(x, floor)^gamma. */
  z.strictObject({
    kind: z.literal('contrast'),
    minVariation: share.default(0.03),
    gamma: positive.default(1.3),
    floor: share.default(1e-9),
  }),
  z.strictObject({ kind: z.literal('none') }),
])
/** What happens when the curve leaves all weights alike. */
export type UniformityParameters = z.infer<typeof uniformitySchema>

const curveSchema = z.strictObject({
  lower: share.default(0),
  upper: positive.default(0.98),
  q: positive.default(8),
  b: positive.default(70),
  v: positive.default(0.3),
  /** Added per normalised weight, so that the flat ends still rise. */
  tilt: share.default(0.01),
  midpointQuantile: share.default(0.8),
  /** `unique` counts equal weights once, as soon as there are `minUnique` different ones. */
  midpointOf: z.enum(['all', 'unique']).default('all'),
  minUnique: smallCount.default(3),
})
/** The generalised logistic curve over max-normalised weights. */
export type CurveParameters = z.infer<typeof curveSchema>

const sigmoidSchema = z
  .strictObject({
    /** Steepness is this over the deviation of the scores, within the two bounds. */
    spread: positive.default(20),
    minDeviation: positive.default(0.01),
    minSteepness: positive.default(10),
    maxSteepness: positive.default(30),
    /** Reported when a task has no score at all. */
    emptyMidpoint: real.default(0.9),
    emptySteepness: positive.default(15),
  })
  .refine(({ minSteepness, maxSteepness }) => minSteepness <= maxSteepness, {
    message: 'must not be above maxSteepness',
    path: ['minSteepness'],
  })
/** How scores of tasks with treatment `sigmoid` are spread around their mean. */
export type SigmoidParameters = z.infer<typeof sigmoidSchema>

const clusterSchema = z
  .strictObject({
    kind: z.enum(['coldkey', 'off']).default('coldkey'),
    /** Up to this many miners of one coldkey keep everything. */
    from: smallCount.default(3),
    /** From this many on they get nothing. */
    to: smallCount.default(10),
    /** What is taken off just below `to`, times the way from `from` to `to`. */
    slope: share.default(0.8),
  })
  .refine(({ from, to }) => from < to, { message: 'must be below to', path: ['from'] })
/** How miners of one coldkey are weighed down. */
export type ClusterParameters = z.infer<typeof clusterSchema>

/**
 * Every constant of the `pathways` rule. Defaults are the published constants, with the known defects off; the preset
 * `plan-era` has the defects back.
 */
export const pathwaysParametersSchema = z.strictObject({
  tasks: z
    .array(taskSchema)
    .min(1)
    .max(64)
    .refine(
      (tasks) => new Set(tasks.map(({ name }) => name)).size === tasks.length,
      'must have distinct names',
    )
    .default(() => z.array(taskSchema).parse(THREE_TASKS)),
  /** `sum` skips both pathways: the raw weight is the weighted sum of scores, as in the rules of one task only. */
  raw: z.enum(['pathways', 'sum']).default('pathways'),
  /** Below this many scores a task has no percentiles. */
  minPercentileScores: smallCount.default(5),
  minExcellenceScores: smallCount.default(10),
  excellenceQuantile: share.default(0.85),
  /** Percentile rank (0 to 100) of everyone in a task without percentiles. The old value, 50, pays a lone score nearly in full. */
  sparsePercentile: z.number().min(0).max(100).default(0),
  diversity: z
    .strictObject({
      least: z.number().min(0).max(1_000).default(0.3),
      most: z.number().min(0).max(1_000).default(1.2),
      centre: z.number().min(0).max(100).default(35),
      steepness: positive.default(0.08),
    })
    .prefault({}),
  bonus: z
    .strictObject({
      base: z.number().min(0).max(1_000).default(0.7),
      perTask: z.number().min(0).max(1_000).default(0.15),
    })
    .prefault({}),
  sigmoid: sigmoidSchema.prefault({}),
  clusters: clusterSchema.prefault({}),
  curve: curveSchema.prefault({}),
  uniformity: uniformitySchema.prefault({ kind: 'rank' }),
  /** True: a score of zero is no score. False: it ranks last; it never counts for the bonus. */
  zeroIsAbsent: z.boolean().default(false),
  infiniteScores: z.enum(['refuse', 'absent']).default('refuse'),
  negativeScores: z.enum(['refuse', 'absent', 'count']).default('refuse'),
  /** Scores closer to zero than 2^-1022, where precision is lost. */
  denormalScores: z.enum(['count', 'absent', 'refuse']).default('count'),
  /** True: a single scored miner that has uid 0 gets no weight, as the original had it. */
  legacyUid0Bug: z.boolean().default(false),
})
/** Every constant of the `pathways` rule, set. */
export type PathwaysParameters = z.infer<typeof pathwaysParametersSchema>
