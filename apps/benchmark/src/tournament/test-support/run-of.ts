import { type BenchmarkRun, utcDateSchema } from '@subnetkit/core'

/** What a test says about a run; the rest is a completed run that found 8 of 10 with 10 reports in two seconds. */
export interface RunChange {
  readonly testDate?: string
  readonly windowDays?: number
  readonly status?: BenchmarkRun['status']
  readonly executionMs?: number | null
  readonly found?: number
  readonly reported?: number
  readonly badData?: number
  readonly fabricated?: number
  readonly errorMessage?: string
  /** Null: nothing was validated; risk scores in the place of patterns. */
  readonly outcome?: null | {
    readonly scored: number
    readonly areaUnderCurve: number
    readonly badData?: number
  }
}

const id = '00000000-0000-8000-8000-000000000001'
const at = new Date('2025-08-01T00:00:00.000Z')

/** A run for tests of what follows from runs. */
export function runOf(change: RunChange = {}): BenchmarkRun {
  const testDate = utcDateSchema.parse(change.testDate ?? '2025-08-01')
  const { found = 8, reported = 10, badData = 0, fabricated = 0 } = change
  return {
    epochId: id,
    hotkey: 'miner',
    imageType: 'analytics',
    testDate,
    network: 'torus',
    windowDays: change.windowDays ?? 30,
    runId: id,
    tournamentId: id,
    participantType: 'miner',
    runOrder: 0,
    processingDate: testDate,
    status: change.status ?? 'completed',
    attempts: 1,
    datasetSha256: null,
    sandbox: 'none',
    executionMs: change.executionMs === undefined ? 2_000 : change.executionMs,
    exitCode: 0,
    memoryPeakBytes: null,
    outputBytes: 1,
    outcome:
      change.outcome === undefined
        ? { kind: 'patterns', reported, expected: 10, found, badData, fabricated }
        : change.outcome && scoresOf(change.outcome),
    features: null,
    errorMessage: change.errorMessage ?? null,
    isDisqualified: false,
    disqualificationReason: null,
    createdAt: at,
    startedAt: at,
    completedAt: at,
  }
}

function scoresOf(of: NonNullable<RunChange['outcome']>): BenchmarkRun['outcome'] {
  const { scored, areaUnderCurve, badData = 0 } = of
  return {
    kind: 'scores',
    reported: scored + badData,
    expected: 100,
    scored,
    badData,
    fabricated: 0,
    coverage: scored / 100,
    areaUnderCurve,
    precisionAtRecall80: 0,
    calibrationError: 0,
  }
}
