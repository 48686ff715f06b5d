import type { EpochInput } from '../rule-set.ts'
import type { PatternOutcome, RunKey, RunResult, SuccessorEvidence } from '../run-result.ts'

/** One week of two networks and two windows: 28 runs. */
export const week: readonly RunKey[] = Array.from({ length: 7 }, (_, day) => `2025-08-0${day + 1}`).flatMap(
  (testDate) =>
    ['torus', 'bittensor'].flatMap((network) =>
      [30, 90].map((windowDays) => ({ testDate, network, windowDays })),
    ),
)

/** The time limit of a run, as the sheet has it: an hour. */
export const LIMIT_MS = 3_600_000

/** A validation of 60 planted patterns, all found and nothing else reported, unless something else is said. */
export function patterns(change: Partial<PatternOutcome> = {}): PatternOutcome {
  return { kind: 'patterns', reported: 60, expected: 60, found: 60, badData: 0, fabricated: 0, ...change }
}

/** What the successor asks for, fulfilled. */
export const evidence: SuccessorEvidence = {
  features: { rows: 100, columns: 40, rowsWithoutAddress: 0 },
  confirmedNovelties: 0,
}

/** A completed run of half an hour that found everything, unless something else is said. */
export function run(key: RunKey, change: Partial<RunResult> = {}): RunResult {
  return { ...key, status: 'completed', executionMs: LIMIT_MS / 2, outcome: patterns(), evidence, ...change }
}

/** A week in which every run is the same; the baseline takes half an hour everywhere. */
export function epochOf(change: Partial<RunResult> = {}): EpochInput {
  return {
    expected: week,
    runs: week.map((key) => run(key, change)),
    baselineTimes: week.map(({ network }) => ({ network, executionMs: LIMIT_MS / 2 })),
    timeLimitMs: LIMIT_MS,
  }
}
