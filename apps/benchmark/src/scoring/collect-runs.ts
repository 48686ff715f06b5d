import { InputError, parseInput } from '@subnetkit/core'

import { epochInputSchema } from './epoch-input-schema.ts'
import type { EpochInput, EpochScore } from './rule-set.ts'
import { compareRuns, nameRun, type RunKey, type RunResult } from './run-result.ts'

/** A run that was expected, and what became of it. */
export interface ExpectedRun extends RunKey {
  /** Null when it does not count; then `problem` says why. */
  readonly counted: (RunResult & { readonly outcome: NonNullable<RunResult['outcome']> }) | null
  readonly problem: string
  /** Milliseconds; the time limit where the run does not count, so that a quick crash is not quick. */
  readonly executionMs: number
  readonly isCompletedInTime: boolean
  /** True only where it was validated and nothing was made up. */
  readonly isDataCorrect: boolean
  readonly isFabricated: boolean
}

/**
 * Sets the runs that came against those that were expected, in the order of days, networks and windows. Whatever is not
 * completed, validated and in time does not count.
 *
 * @throws InputError when a run repeats, was not expected, or carries numbers that cannot be; when nothing is expected.
 */
export function collectRuns(input: EpochInput): readonly ExpectedRun[] {
  const { expected, runs, timeLimitMs } = parseInput(epochInputSchema, input, { subject: 'epoch' })
  const wanted = byName('expected runs', expected)
  const results = byName('runs', runs)
  const stranger = [...results.keys()].find((name) => !wanted.has(name))
  if (stranger !== undefined) {
    throw new InputError({
      field: 'runs',
      value: stranger,
      problem: 'was not expected',
      hint: 'leave it out',
    })
  }
  return [...wanted.values()]
    .sort(compareRuns)
    .map((key) => judgeRun(key, results.get(nameRun(key)) ?? null, timeLimitMs))
}

/** What every rule set tells of an epoch's runs, whatever it pays for them. */
export function describeRuns(
  runs: readonly ExpectedRun[],
): Pick<
  EpochScore,
  | 'averageExecutionTimeSeconds'
  | 'isDataCorrectOnAllDays'
  | 'isWithinTimeLimit'
  | 'daysCompleted'
  | 'runsCompleted'
> {
  const completed = runs.filter(({ counted }) => counted !== null)
  const totalMs = runs.reduce((sum, { executionMs }) => sum + executionMs, 0)
  return {
    averageExecutionTimeSeconds: Math.round((totalMs * 1_000_000) / runs.length) / 1_000_000_000,
    isDataCorrectOnAllDays: runs.every(({ isDataCorrect }) => isDataCorrect),
    isWithinTimeLimit: runs.every(({ isCompletedInTime }) => isCompletedInTime),
    daysCompleted: new Set(completed.map(({ testDate }) => testDate)).size,
    runsCompleted: completed.length,
  }
}

function judgeRun(key: RunKey, run: RunResult | null, timeLimitMs: number): ExpectedRun {
  const { testDate, network, windowDays } = key
  const isCompletedInTime = run?.status === 'completed' && run.executionMs <= timeLimitMs
  const problem = problemOf(run, timeLimitMs)
  const outcome = run?.outcome ?? null
  const counted = run === null || outcome === null || problem !== '' ? null : { ...run, outcome }
  return {
    testDate,
    network,
    windowDays,
    counted,
    problem,
    executionMs: counted?.executionMs ?? timeLimitMs,
    isCompletedInTime,
    isDataCorrect: outcome?.fabricated === 0,
    isFabricated: outcome !== null && outcome.fabricated > 0,
  }
}

function problemOf(run: RunResult | null, timeLimitMs: number): string {
  if (run === null) return 'missing: there is no such run'
  if (run.status === 'timeout') return 'timeout: it was stopped at the time limit'
  if (run.status !== 'completed') return `${run.status}: it did not end well`
  if (run.executionMs > timeLimitMs) {
    return `late: it took ${run.executionMs / 1_000} s of ${timeLimitMs / 1_000} s`
  }
  return run.outcome === null ? 'not validated: its output was refused or not read yet' : ''
}

function byName<Run extends RunKey>(field: string, runs: readonly Run[]): Map<string, Run> {
  const named = new Map(runs.map((run) => [nameRun(run), run]))
  if (named.size === runs.length) return named
  const repeated = runs.find((run) => named.get(nameRun(run)) !== run)
  throw new InputError({
    field,
    value: repeated === undefined ? '' : nameRun(repeated),
    problem: 'is there more than once',
    hint: 'give one result for each day, network and window',
  })
}
