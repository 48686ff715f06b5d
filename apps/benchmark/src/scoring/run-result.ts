import type { PatternValidation } from '../validation/pattern-judge.ts'
import type { ScoreValidation } from '../validation/score-judge.ts'

/** Which run of an epoch: each day, network and window is run once. */
export interface RunKey {
  /** YYYY-MM-DD. */
  readonly testDate: string
  readonly network: string
  readonly windowDays: number
}

/** Where a run stands. Only a completed one can score. */
export type RunStatus = 'pending' | 'running' | 'completed' | 'timeout' | 'failed'

/** The counts of a validation of patterns that are kept with the run. */
export type PatternOutcome = Pick<
  PatternValidation,
  'kind' | 'reported' | 'expected' | 'found' | 'badData' | 'fabricated'
>

/** The numbers of a validation of scores that are kept with the run. */
export type ScoreOutcome = Pick<
  ScoreValidation,
  'kind' | 'reported' | 'expected' | 'scored' | 'badData' | 'fabricated' | 'coverage' | 'areaUnderCurve'
>

/** What only the successor's rules ask for. */
export interface SuccessorEvidence {
  /** The submission's table of features, as counted when it was read. */
  readonly features: {
    readonly rows: number
    readonly columns: number
    readonly rowsWithoutAddress: number
  }
  /**
   * Patterns that nobody planted and that somebody else than the miner confirmed. A pattern that is merely not planted
   * is a false report: in a made world the truth is complete.
   */
  readonly confirmedNovelties: number
}

/** One run of a submission, as it ended. */
export interface RunResult extends RunKey {
  readonly status: RunStatus
  /** Whole milliseconds of the run. */
  readonly executionMs: number
  /** Null until it is validated, and for good when its output was refused. */
  readonly outcome: PatternOutcome | ScoreOutcome | null
  readonly evidence?: SuccessorEvidence
}

/** A completed run of the baseline. */
export interface BaselineTime {
  readonly network: string
  /** Whole milliseconds. */
  readonly executionMs: number
}

/** The order of runs wherever they are listed or summed: by day, network and window. */
export function compareRuns(a: RunKey, b: RunKey): number {
  if (a.testDate !== b.testDate) return a.testDate < b.testDate ? -1 : 1
  if (a.network !== b.network) return a.network < b.network ? -1 : 1
  return a.windowDays - b.windowDays
}

/** A run's name for people: `2025-08-01 torus 30d`. */
export function nameRun({ testDate, network, windowDays }: RunKey): string {
  return `${testDate} ${network} ${windowDays}d`
}
