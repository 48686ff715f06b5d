import { fromNano, NANO, productNano, ratioNano } from '../validation/nano.ts'
import { collectRuns, describeRuns, type ExpectedRun } from './collect-runs.ts'
import { describeFound, foundShare } from './found-share.ts'
import type { EpochInput, EpochScore, RuleSet } from './rule-set.ts'
import type { SuccessorEvidence } from './run-result.ts'

const WEIGHTS = { performance: 25, accuracy: 50, novelty: 25 } as const

/** Milliseconds that features should take, and those at which their speed is worth nothing. */
const BASE_MS = 30_000
const MAX_MS = 300_000

/** Features are taken to need a fifth of a run's time, since nothing tells when they were done. */
const FEATURE_PART = 5

const LEAST_FEATURE_COLUMNS = 5

interface RunWorth {
  readonly accuracy: number
  readonly performance: number
  readonly novelty: number
  readonly reason: string
}

/**
 * The successor's rules: 0.25 performance + 0.50 accuracy + 0.25 novelty, behind three gates; patterns only.
 *
 * - Flow: each address of a pattern had a transfer with one listed before it. Consecutive pairs only, as it was there, made
 *   every honest fan-in a reason to earn nothing.
 * - Gates, for each run: features with an address in every row and at least five columns, and at least one pattern; not
 *   one pattern that is nothing of this snapshot; something found.
 * - accuracy: recall × precision, one to one. Precision was promised there and never measured.
 * - performance: accuracy × base / (base + time), half at 30 s of features: the speed of what was found.
 * - novelty: confirmed novelties up to half as many as were planted. That a pattern was not planted is no proof that it
 *   is new.
 */
export const successorRules: RuleSet = {
  name: 'successor',
  tracing: 'followed',
  score: scoreEpoch,
}

function scoreEpoch(input: EpochInput): EpochScore {
  const runs = collectRuns(input)
  const worths = runs.map(worthOf)
  const mean = (part: 'accuracy' | 'performance' | 'novelty'): number =>
    ratioNano(
      worths.reduce((sum, worth) => sum + worth[part], 0),
      worths.length * NANO,
    )
  const means = { accuracy: mean('accuracy'), performance: mean('performance'), novelty: mean('novelty') }
  const final = weigh(means)
  const described = describeRuns(runs)
  const meanMs = described.averageExecutionTimeSeconds * 1_000
  const ratio = Math.round((BASE_MS * FEATURE_PART * NANO) / Math.max(1, meanMs)) / NANO
  return {
    ruleSet: successorRules.name,
    finalScore: fromNano(final),
    components: [
      { name: 'performance', weight: WEIGHTS.performance, score: fromNano(means.performance) },
      { name: 'accuracy', weight: WEIGHTS.accuracy, score: fromNano(means.accuracy) },
      { name: 'novelty', weight: WEIGHTS.novelty, score: fromNano(means.novelty) },
    ],
    baselineComparisonRatio: final === 0 ? 0 : ratio,
    ...described,
    runs: runs.map(({ testDate, network, windowDays }, at) => {
      const worth = worths[at] ?? nothing('')
      return { testDate, network, windowDays, score: fromNano(weigh(worth)), reason: worth.reason }
    }),
    disqualification: null,
  }
}

function weigh({ accuracy, performance, novelty }: Omit<RunWorth, 'reason'>): number {
  const sum = WEIGHTS.performance * performance + WEIGHTS.accuracy * accuracy + WEIGHTS.novelty * novelty
  return ratioNano(sum, 100 * NANO)
}

function worthOf({ counted, problem }: ExpectedRun): RunWorth {
  if (counted === null) return nothing(problem)
  const { outcome, evidence, executionMs } = counted
  if (outcome.kind !== 'patterns') return nothing('these rules pay for patterns only')
  if (!hasFeatures(evidence)) return nothing('gate 1: features are missing, without address or too narrow')
  if (outcome.reported === 0) return nothing('gate 1: no pattern is reported')
  const invalid = outcome.badData + outcome.fabricated
  if (invalid > 0) return nothing(`gate 2: ${invalid} reported patterns are nothing of this snapshot`)
  const novelties = evidence?.confirmedNovelties ?? 0
  const cap = Math.floor(outcome.expected / 2)
  const novelty = cap === 0 ? 0 : ratioNano(Math.min(novelties, cap), cap)
  const accuracy = foundShare(outcome)
  if (accuracy === 0 && novelty === 0) return nothing(`gate 3: ${describeFound(outcome)}`)
  const performance = productNano(accuracy, featureSpeed(executionMs))
  return { accuracy, performance, novelty, reason: describeFound(outcome) }
}

function hasFeatures(evidence: SuccessorEvidence | undefined): boolean {
  if (evidence === undefined) return false
  const { rows, columns, rowsWithoutAddress } = evidence.features
  return rows > 0 && columns >= LEAST_FEATURE_COLUMNS && rowsWithoutAddress === 0
}

function featureSpeed(executionMs: number): number {
  const base = BASE_MS * FEATURE_PART
  return executionMs >= MAX_MS * FEATURE_PART ? 0 : ratioNano(base, base + executionMs)
}

function nothing(reason: string): RunWorth {
  return { accuracy: 0, performance: 0, novelty: 0, reason }
}
