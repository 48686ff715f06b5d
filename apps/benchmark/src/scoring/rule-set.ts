import type { FlowTracing } from '../validation/flow-tracing.ts'
import type { BaselineTime, RunKey, RunResult } from './run-result.ts'

/** What an epoch is scored from. The order of the lists does not matter. */
export interface EpochInput {
  /** Every run that should have been: what is missing among `runs` counts as zero. */
  readonly expected: readonly RunKey[]
  readonly runs: readonly RunResult[]
  /** Completed runs of the baseline on the same data. */
  readonly baselineTimes: readonly BaselineTime[]
  /** Whole milliseconds that a run may take. */
  readonly timeLimitMs: number
}

/** What one run earned. */
export interface RunScore extends RunKey {
  /** Its share of the final score, in [0, 1], to 1e-9. */
  readonly score: number
  /** A sentence for people: what it earned that for, or why nothing. */
  readonly reason: string
}

/** One part of a score; `weight` is in percent, and the weighted parts add up to the final score. */
export interface ScoreComponent {
  readonly name: 'accuracy' | 'correctness' | 'performance' | 'novelty'
  readonly weight: number
  /** In [0, 1], to 1e-9. */
  readonly score: number
}

/** What a submission earned in an epoch. Scores and ratios are multiples of 1e-9. */
export interface EpochScore {
  readonly ruleSet: string
  /** In [0, 1]. */
  readonly finalScore: number
  readonly components: readonly ScoreComponent[]
  /** The baseline's mean time over this one's, not capped; 0 when the final score is 0. */
  readonly baselineComparisonRatio: number
  /** Mean seconds of a run; one that does not count is taken at the time limit. */
  readonly averageExecutionTimeSeconds: number
  /** Every expected run was validated, and none named what its snapshot does not have. */
  readonly isDataCorrectOnAllDays: boolean
  /** Every expected run was completed in time. */
  readonly isWithinTimeLimit: boolean
  readonly daysCompleted: number
  readonly runsCompleted: number
  /** By day, network and window. */
  readonly runs: readonly RunScore[]
  /** Why the whole epoch earned nothing, or null. */
  readonly disqualification: string | null
}

/** A named way to pay. Pure: the same input gives the same score, bit for bit. */
export interface RuleSet {
  readonly name: string
  /** What a reported pattern must show before these rules count it. */
  readonly tracing: FlowTracing
  /** @throws InputError when runs repeat, were not expected, or carry numbers that cannot be. */
  readonly score: (input: EpochInput) => EpochScore
}
