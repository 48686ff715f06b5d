import { type BenchmarkOutcome, type BenchmarkRun, utcDateSchema } from '@subnetkit/core'
import { describe, expect, it } from 'vitest'

import { accuracyOf, dayScoreOf, recallOf, standingOf } from './run-standing.ts'

type Standing = Pick<BenchmarkRun, 'status' | 'isDisqualified' | 'outcome'>

function patterns(found: number, expected: number, reported: number): BenchmarkOutcome {
  return { kind: 'patterns', reported, expected, found, badData: 0, fabricated: 0 }
}
const completed = (outcome: BenchmarkOutcome | null): Standing => ({
  status: 'completed',
  isDisqualified: false,
  outcome,
})

describe('what a run came to', () => {
  it.each([
    [completed(patterns(5, 10, 5)), 'completed', 0.5, 0.5],
    [completed(patterns(5, 10, 10)), 'completed', 0.5, 0.25],
    [completed(patterns(5, 10, 1_000)), 'completed', 0.5, 0],
    [completed(patterns(0, 0, 0)), 'completed', 0, 0],
    [completed(null), 'refused', 0, 0],
    [{ ...completed(patterns(9, 10, 9)), isDisqualified: true }, 'disqualified', 0, 0],
    [{ ...completed(null), status: 'timeout' as const }, 'timeout', 0, 0],
    [{ ...completed(null), status: 'failed' as const }, 'failed', 0, 0],
    [{ ...completed(null), status: 'running' as const }, 'open', null, null],
    [{ ...completed(null), status: 'pending' as const }, 'open', null, null],
  ] as const)('%j is %s', (run, standing, recall, accuracy) => {
    expect([standingOf(run), recallOf(run), accuracyOf(run)]).toEqual([standing, recall, accuracy])
  })

  it('is the area under the curve where scores were asked for', () => {
    const scores = { reported: 9, expected: 9, scored: 9, badData: 0, fabricated: 0, coverage: 1 }
    const measures = { areaUnderCurve: 0.75, precisionAtRecall80: 0.5, calibrationError: 0.1 }
    const run = completed({ kind: 'scores', ...scores, ...measures })
    expect([recallOf(run), accuracyOf(run)]).toEqual([0.75, 0.75])
  })
})

describe('a day', () => {
  const run = (standing: Standing): BenchmarkRun => ({ ...base, ...standing })

  it('counts runs that are missing or failed as 0, and is open before the first is final', () => {
    const good = run(completed(patterns(10, 10, 10)))
    const open = run({ ...completed(null), status: 'running' })
    const failed = run({ ...completed(null), status: 'failed' })
    expect(dayScoreOf([], 4)).toBeNull()
    expect(dayScoreOf([open], 4)).toBeNull()
    expect(dayScoreOf([good, open, failed], 4)).toBe(0.25)
    expect(dayScoreOf([good, good], 1)).toBe(1)
  })
})

const base = {
  epochId: '00000000-0000-8000-8000-000000000001',
  runId: '00000000-0000-8000-8000-000000000002',
  tournamentId: null,
  hotkey: 'baseline',
  imageType: 'analytics',
  participantType: 'baseline',
  testDate: utcDateSchema.parse('2025-08-01'),
  processingDate: utcDateSchema.parse('2025-08-01'),
  network: 'torus',
  windowDays: 30,
  runOrder: 0,
  attempts: 1,
  datasetSha256: null,
  sandbox: null,
  executionMs: null,
  exitCode: null,
  memoryPeakBytes: null,
  outputBytes: null,
  features: null,
  errorMessage: null,
  disqualificationReason: null,
  createdAt: new Date(0),
  startedAt: null,
  completedAt: null,
} satisfies Partial<BenchmarkRun>
