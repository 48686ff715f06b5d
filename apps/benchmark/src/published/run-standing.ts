import type { BenchmarkRun } from '@subnetkit/core'

import { foundShare } from '../scoring/found-share.ts'

const BILLION = 1_000_000_000

/** What a run came to, in one word. */
export type RunStanding = 'disqualified' | 'failed' | 'timeout' | 'refused' | 'completed' | 'open'

/** `refused`: the program ended well, but its output was taken as a whole for nothing. `open`: it is not final yet. */
export function standingOf(run: Pick<BenchmarkRun, 'status' | 'isDisqualified' | 'outcome'>): RunStanding {
  if (run.isDisqualified) return 'disqualified'
  if (run.status === 'failed' || run.status === 'timeout') return run.status
  if (run.status !== 'completed') return 'open'
  return run.outcome === null ? 'refused' : 'completed'
}

/** The planted patterns that a run found, of 1; of risk scores their area under the curve. Null while it is open. */
export function recallOf(run: Pick<BenchmarkRun, 'status' | 'isDisqualified' | 'outcome'>): number | null {
  const standing = standingOf(run)
  if (standing === 'open') return null
  const { outcome } = run
  if (standing !== 'completed' || outcome === null) return 0
  if (outcome.kind === 'scores') return outcome.areaUnderCurve
  return outcome.expected === 0 ? 0 : outcome.found / outcome.expected
}

/** Recall lowered by false reports, as the scoring rules have it; of risk scores their area under the curve. */
export function accuracyOf(run: Pick<BenchmarkRun, 'status' | 'isDisqualified' | 'outcome'>): number | null {
  const recall = recallOf(run)
  const { outcome } = run
  if (recall === null || recall === 0 || outcome?.kind !== 'patterns') return recall
  return foundShare(outcome) / BILLION
}

/** The mean over all runs that a day should have: what is missing or failed counts as 0. Null while none is final. */
export function dayScoreOf(runs: readonly BenchmarkRun[], expectedRuns: number): number | null {
  const accuracies = runs.map(accuracyOf).filter((value) => value !== null)
  if (accuracies.length === 0) return null
  return accuracies.reduce((sum, value) => sum + value, 0) / Math.max(expectedRuns, accuracies.length)
}
