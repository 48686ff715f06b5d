import { fromNano, NANO, productNano, ratioNano, shareToNano } from '../validation/nano.ts'
import { collectRuns, describeRuns, type ExpectedRun } from './collect-runs.ts'
import { describeFound, foundShare } from './found-share.ts'
import type { EpochInput, EpochScore, RuleSet, RunScore } from './rule-set.ts'
import type { PatternOutcome, ScoreOutcome } from './run-result.ts'

const WEIGHTS = { accuracy: 50, correctness: 30, performance: 20 } as const

/** Accounts that a submission of scores must have scored for its run to count, in billionths of all. */
export const LEAST_COVERAGE = 900_000_000

/** What a run is worth before its time is: both in billionths. */
interface RunWorth {
  readonly accuracy: number
  /** Of the accuracy: the part that bad data left. */
  readonly correct: number
  readonly reason: string
}

/**
 * The benchmark's own rules: 0.50 accuracy + 0.30 correctness + 0.20 performance over all expected runs of an epoch.
 * Correctness and speed are those *of what was found*: a run that found a third of what it could is paid for a third of
 * both. Otherwise an empty report, quick and without fault, would earn half of everything.
 *
 * - accuracy: for patterns, recall × precision, one to one; for scores, how far the area under the curve is above chance.
 * - correctness: accuracy × right rows / (right rows + rows that are nothing of this snapshot).
 * - performance: accuracy × min(baseline's mean time / mean time, 1).
 * - A run that is missing, failed, late or not validated is 0, at the time limit. One made-up address or transaction
 *   anywhere makes the whole epoch 0.
 */
export const epochRules: RuleSet = {
  name: 'epoch',
  tracing: 'connected',
  score: scoreEpoch,
}

function scoreEpoch(input: EpochInput): EpochScore {
  const runs = collectRuns(input)
  const isFabricated = runs.some((run) => run.isFabricated)
  const worths = runs.map((run) => worthOf(run, isFabricated))
  const accuracy = meanOf(worths.map((worth) => worth.accuracy))
  const correctness = meanOf(worths.map((worth) => worth.correct))
  const ratio = baselineRatio(runs, input)
  const speed = Math.min(ratio, NANO)
  const performance = productNano(accuracy, speed)
  const final = weigh(accuracy, correctness, performance)
  return {
    ruleSet: epochRules.name,
    finalScore: fromNano(final),
    components: [
      { name: 'accuracy', weight: WEIGHTS.accuracy, score: fromNano(accuracy) },
      { name: 'correctness', weight: WEIGHTS.correctness, score: fromNano(correctness) },
      { name: 'performance', weight: WEIGHTS.performance, score: fromNano(performance) },
    ],
    baselineComparisonRatio: final === 0 ? 0 : fromNano(ratio),
    ...describeRuns(runs),
    runs: runs.map((run, at) => runScore(run, worths[at], speed)),
    disqualification: isFabricated
      ? 'a run names addresses or transactions that its snapshot does not have'
      : null,
  }
}

function runScore(
  { testDate, network, windowDays }: ExpectedRun,
  worth: RunWorth | undefined,
  speed: number,
): RunScore {
  const { accuracy = 0, correct = 0, reason = '' } = worth ?? {}
  const score = fromNano(weigh(accuracy, correct, productNano(accuracy, speed)))
  return { testDate, network, windowDays, score, reason }
}

function weigh(accuracy: number, correctness: number, performance: number): number {
  const sum =
    WEIGHTS.accuracy * accuracy + WEIGHTS.correctness * correctness + WEIGHTS.performance * performance
  return ratioNano(sum, 100 * NANO)
}

function meanOf(nanos: readonly number[]): number {
  return ratioNano(
    nanos.reduce((sum, nano) => sum + nano, 0),
    nanos.length * NANO,
  )
}

function worthOf({ counted, problem, isFabricated }: ExpectedRun, isAnyFabricated: boolean): RunWorth {
  if (isAnyFabricated) {
    const reason = isFabricated
      ? 'made up: it names what its snapshot does not have'
      : 'another run made data up'
    return { accuracy: 0, correct: 0, reason }
  }
  if (counted === null) return { accuracy: 0, correct: 0, reason: problem }
  return counted.outcome.kind === 'patterns'
    ? worthOfPatterns(counted.outcome)
    : worthOfScores(counted.outcome)
}

function worthOfPatterns(outcome: PatternOutcome): RunWorth {
  const accuracy = foundShare(outcome)
  const { found, badData } = outcome
  const bad = badData === 0 ? '' : `, ${badData} of them nothing of this snapshot`
  return {
    accuracy,
    correct: correctPart(accuracy, found, badData),
    reason: `${describeFound(outcome)}${bad}`,
  }
}

function worthOfScores({ coverage, areaUnderCurve, scored, badData }: ScoreOutcome): RunWorth {
  const covered = shareToNano('coverage', coverage)
  const area = shareToNano('areaUnderCurve', areaUnderCurve)
  const reason = `area under the curve ${areaUnderCurve}, ${coverage} of the accounts scored`
  if (covered < LEAST_COVERAGE) return { accuracy: 0, correct: 0, reason: `${reason}: too few` }
  const accuracy = Math.max(0, 2 * area - NANO)
  return { accuracy, correct: correctPart(accuracy, scored, badData), reason }
}

function correctPart(accuracy: number, right: number, bad: number): number {
  return accuracy === 0 ? 0 : productNano(accuracy, ratioNano(right, right + bad))
}

/**
 * The baseline's time over this one's, in billionths: the unweighted mean over networks, each the mean of its runs, or
 * the time limit for a network on which the baseline has none.
 */
function baselineRatio(runs: readonly ExpectedRun[], { baselineTimes, timeLimitMs }: EpochInput): number {
  const networks = [...new Set(runs.map(({ network }) => network))].sort()
  const means = networks.map((network) => {
    const times = baselineTimes.filter((time) => time.network === network)
    const total = times.reduce((sum, { executionMs }) => sum + executionMs, 0)
    return times.length === 0 ? timeLimitMs : total / times.length
  })
  const baseline = means.reduce((sum, mean) => sum + mean, 0) / means.length
  const mean = runs.reduce((sum, { executionMs }) => sum + executionMs, 0) / runs.length
  return mean === 0 ? 0 : Math.round((baseline / mean) * NANO)
}
