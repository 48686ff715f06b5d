import { InputError } from '@subnetkit/core'
import { z } from 'zod'

/** One scoring event of one task, for all miners. */
export interface ScoreRow {
  readonly taskId: string
  readonly createdAt: Date
  /** By miner; NaN is no score. */
  readonly scores: Float64Array
}

const HOUR_MS = 3_600_000
const DAY_HOURS = 24

const windowSchema = {
  /** Rows count up to this age, both ends included. */
  windowHours: z
    .number()
    .gt(0)
    .max(24 * 366),
  /** What a row of the wrong length is: an error, or a row in which nobody has a score. */
  malformedRows: z.enum(['refuse', 'absent']).default('refuse'),
}

/** How the rows of a task become one score per miner. */
export const aggregationSchema = z.discriminatedUnion('kind', [
  /** The first row only: ids with the preferred prefix before all others, then the newest. */
  z.strictObject({
    kind: z.literal('first_row'),
    ...windowSchema,
    preferredPrefix: z.string().max(64).default('final_'),
  }),
  /** The plain mean over all rows; a missing score counts as zero. */
  z.strictObject({ kind: z.literal('mean'), ...windowSchema }),
  /** The mean of scores other than zero, each halved per `halfLifeDays` of age, times the square root of completeness where that is short. */
  z.strictObject({
    kind: z.literal('decayed_mean'),
    ...windowSchema,
    halfLifeDays: z.number().gt(0).max(366).default(1),
    fullCompleteness: z.number().gt(0).max(1).default(0.3),
    /** `float32` rounds each step to single precision, as the original did. */
    precision: z.enum(['float64', 'float32']).default('float64'),
  }),
])
/** How the rows of a task become one score per miner. */
export type Aggregation = z.infer<typeof aggregationSchema>

/** The plan-era aggregation of a task. */
export const planEraAggregations: Readonly<Record<'weather' | 'geomagnetic' | 'soil', Aggregation>> = {
  weather: aggregationSchema.parse({ kind: 'first_row', windowHours: 15 * DAY_HOURS }),
  geomagnetic: aggregationSchema.parse({ kind: 'mean', windowHours: DAY_HOURS }),
  soil: aggregationSchema.parse({ kind: 'decayed_mean', windowHours: DAY_HOURS }),
}

/** One task's rows, as {@link aggregateScores} takes them. */
export interface AggregatedRows {
  readonly rows: readonly ScoreRow[]
  /** Miners: the length of each row. */
  readonly size: number
  readonly aggregation: Aggregation
  readonly now: Date
}

/**
 * One score per miner, 0 for miners without any. Sums run from the newest row to the oldest, ids in ascending order within one
 * moment, so that the order of `rows` does not matter. @throws InputError naming a malformed row.
 */
export function aggregateScores({ rows, size, aggregation, now }: AggregatedRows): Float64Array {
  const counted = rows
    .filter(({ createdAt }) => {
      const ageMs = now.getTime() - createdAt.getTime()
      return ageMs >= 0 && ageMs <= aggregation.windowHours * HOUR_MS
    })
    .map((row) => (row.scores.length === size ? row : withoutScores(row, size, aggregation)))
    .toSorted(
      (a, b) =>
        b.createdAt.getTime() - a.createdAt.getTime() ||
        (a.taskId < b.taskId ? -1 : a.taskId > b.taskId ? 1 : 0),
    )
  switch (aggregation.kind) {
    case 'first_row': {
      const first = counted.find(({ taskId }) => taskId.startsWith(aggregation.preferredPrefix)) ?? counted[0]
      return first === undefined ? new Float64Array(size) : first.scores.map(orZero)
    }
    case 'mean':
      return meanOfRows(counted, size)
    case 'decayed_mean':
      return decayedMean(counted, size, aggregation, now)
  }
}

function withoutScores(row: ScoreRow, size: number, { malformedRows }: Aggregation): ScoreRow {
  if (malformedRows === 'absent') return { ...row, scores: new Float64Array(size).fill(Number.NaN) }
  throw new InputError({
    field: `scores of ${row.taskId}`,
    value: row.scores.length,
    problem: 'is not the number of miners',
    hint: `give ${size} numbers, or set malformedRows to absent`,
  })
}

function orZero(score: number): number {
  return Number.isNaN(score) ? 0 : score
}

function meanOfRows(rows: readonly ScoreRow[], size: number): Float64Array {
  const sums = new Float64Array(size)
  if (rows.length === 0) return sums
  for (const { scores } of rows) {
    for (let miner = 0; miner < size; miner += 1)
      sums[miner] = (sums[miner] ?? 0) + orZero(scores[miner] ?? 0)
  }
  return sums.map((sum) => sum / rows.length)
}

function decayedMean(
  rows: readonly ScoreRow[],
  size: number,
  { halfLifeDays, fullCompleteness, precision }: Extract<Aggregation, { kind: 'decayed_mean' }>,
  now: Date,
): Float64Array {
  const round = precision === 'float32' ? Math.fround : (value: number) => value
  const decays = rows.map(({ createdAt }) => {
    const ageDays = (now.getTime() - createdAt.getTime()) / (DAY_HOURS * HOUR_MS)
    return round(2 ** (-ageDays / halfLifeDays))
  })
  return Float64Array.from({ length: size }, (_, miner) => {
    let sum = 0
    let decaySum = 0
    let count = 0
    for (const [at, { scores }] of rows.entries()) {
      const score = round(orZero(scores[miner] ?? 0))
      if (score === 0) continue
      const decay = decays[at] ?? 0
      sum = round(sum + round(score * decay))
      decaySum = round(decaySum + decay)
      count += 1
    }
    if (count === 0 || decaySum === 0) return 0
    const completeness = Math.min(1, Math.sqrt(count / rows.length / fullCompleteness))
    return round(round(sum / decaySum) * round(completeness))
  })
}
