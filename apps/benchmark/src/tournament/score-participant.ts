import type { BenchmarkRun, Tournament } from '@subnetkit/core'

import type { EpochScore } from '../scoring/rule-set.ts'
import { getRuleSet } from '../scoring/rule-sets.ts'
import type { BaselineTime, RunKey, RunResult } from '../scoring/run-result.ts'
import { judgeDays } from './judge-days.ts'
import { competitionDays } from './tournament-days.ts'

/** What an epoch is scored under. */
export interface ScoringTerms {
  readonly ruleSet: string
  readonly timeLimitMs: number
  /** Every run that should have been. */
  readonly expected: readonly RunKey[]
}

/** A tournament's terms: all of its days, networks and windows. */
export function termsOf(
  tournament: Pick<
    Tournament,
    'ruleSet' | 'timeLimitMs' | 'competitionStart' | 'competitionEnd' | 'testNetworks' | 'testWindowDays'
  >,
): ScoringTerms {
  const { ruleSet, timeLimitMs, testNetworks, testWindowDays } = tournament
  const expected = competitionDays(tournament).flatMap((testDate) =>
    testNetworks.flatMap((network) =>
      testWindowDays.map((windowDays) => ({ testDate, network, windowDays })),
    ),
  )
  return { ruleSet, timeLimitMs, expected }
}

/** The times of the baseline's completed runs. */
export function baselineTimesOf(
  runs: readonly Pick<BenchmarkRun, 'status' | 'network' | 'executionMs'>[],
): readonly BaselineTime[] {
  return runs.flatMap(({ status, network, executionMs }) =>
    status === 'completed' && executionMs !== null ? [{ network, executionMs }] : [],
  )
}

/**
 * What a participant earned with the runs that it has; whatever is missing is 0, and so are days with bad data. `outReason` says
 * why its part ended, null where it did not: then everything is 0. What its runs show ends its part, too.
 */
export function scoreParticipant(
  runs: readonly BenchmarkRun[],
  outReason: string | null,
  baselineTimes: readonly BaselineTime[],
  terms: ScoringTerms,
): EpochScore {
  const days = daysOf(terms.expected)
  const { struckDays, disqualification } = judgeDays(days, runs)
  const struck = new Set<string>(struckDays)
  const score = getRuleSet(terms.ruleSet).score({
    expected: terms.expected,
    runs: runs.map((run) => resultOf(run, struck.has(run.testDate))),
    baselineTimes,
    timeLimitMs: terms.timeLimitMs,
  })
  const reason = outReason ?? disqualification?.reason ?? null
  return reason === null ? score : withoutEarnings(score, reason)
}

function daysOf(expected: readonly RunKey[]): readonly string[] {
  return [...new Set(expected.map(({ testDate }) => testDate))].toSorted()
}

function resultOf(run: BenchmarkRun, isDayStruck: boolean): RunResult {
  const { testDate, network, windowDays, status, executionMs, features } = run
  return {
    testDate,
    network,
    windowDays,
    status,
    executionMs: executionMs ?? 0,
    outcome: isDayStruck && (run.outcome?.fabricated ?? 0) === 0 ? null : run.outcome,
    ...(features === null ? {} : { evidence: { features, confirmedNovelties: 0 } }),
  }
}

function withoutEarnings(score: EpochScore, disqualification: string): EpochScore {
  return {
    ...score,
    finalScore: 0,
    components: score.components.map((component) => ({ ...component, score: 0 })),
    baselineComparisonRatio: 0,
    runs: score.runs.map((run) => ({ ...run, score: 0 })),
    disqualification,
  }
}
