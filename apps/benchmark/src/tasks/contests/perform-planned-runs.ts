import {
  type BenchmarkRun,
  type DrainReport,
  type ImageType,
  isStorageError,
  StorageError,
  type TaskControl,
  type TaskQueue,
} from '@subnetkit/core'

import { runIdOf } from '../../benchmark-ids.ts'
import type { PlannedRun } from '../../tournament/planned-run.ts'
import { allPages } from '../all-pages.ts'
import type { ContestDeps } from './contest-deps.ts'
import { isFinalRun, runKeyOf } from '../runs/run-row.ts'

/** A queue that forgot its jobs is told them again; one that always forgets them is not waited for. */
const MAX_ROUNDS = 3

/** How often it is told how far the queue is, in ms, whether that has changed or not: it is a sign of life. */
const TELL_MS = 500

/** Runs of a day, all of them final. */
export interface PerformedRuns {
  readonly runs: readonly BenchmarkRun[]
  /** How many of them were done before. */
  readonly foundDone: number
}

/**
 * Has the runs of a day done that are not done yet, by the queue, and waits for them. What is done is read from the store, so
 * that a killed day goes on where it stopped. One run's failure stops no other.
 *
 * @throws StorageError `unavailable` when some are still not final, with the first failure as its cause: run the day again.
 */
export async function performPlannedRuns(
  deps: Pick<ContestDeps, 'repositories' | 'queue'>,
  planned: readonly PlannedRun[],
  control: TaskControl,
): Promise<PerformedRuns> {
  const [first] = planned
  if (first === undefined) return { runs: [], foundDone: 0 }
  const day = { imageType: first.imageType, testDate: first.testDate }
  const before = await finalRuns(deps, day, control.signal)
  const isLeft = (final: RunsById) => (run: PlannedRun) => !final.has(runIdOf(runKeyOf(run)))
  const foundDone = planned.length - planned.filter(isLeft(before)).length
  let final = before
  for (let round = 1; planned.some(isLeft(final)); round++) {
    const todo = planned.filter(isLeft(final))
    const report = await haveDone(deps.queue, todo, planned, control)
    control.signal.throwIfAborted()
    final = await finalRuns(deps, day, control.signal)
    const left = planned.filter(isLeft(final)).length
    if (left === 0) break
    if (report.failedCount > 0 || round === MAX_ROUNDS)
      throw notDone(day.testDate, left, planned.length, report)
    control.log.warn({ left }, 'the queue forgot runs that are not done: they are added again')
  }
  const runs = planned.flatMap((run) => final.get(runIdOf(runKeyOf(run))) ?? [])
  return { runs, foundDone }
}

type RunsById = ReadonlyMap<string, BenchmarkRun>

async function finalRuns(
  { repositories }: Pick<ContestDeps, 'repositories'>,
  day: Readonly<{ imageType: ImageType; testDate: string }>,
  signal: AbortSignal,
): Promise<RunsById> {
  const runs = await allPages((page) => repositories.benchmarkRuns.list({ ...day, ...page }, { signal }))
  return new Map(runs.filter(isFinalRun).map((run) => [run.runId, run]))
}

/** Adds runs and waits for them. */
async function haveDone(
  queue: TaskQueue,
  todo: readonly PlannedRun[],
  { length: total }: readonly PlannedRun[],
  { signal, clock, progress }: TaskControl,
): Promise<DrainReport> {
  for (const run of todo) {
    await queue.add({
      task: 'benchmark-run',
      context: run,
      jobId: `benchmark-run-${runIdOf(runKeyOf(run))}`,
    })
  }
  let left = todo.length
  // Another day may wait for runs of its own in the same queue.
  const onLeft = (now: number): void => void (left = Math.min(now, todo.length))
  const tell = (): void =>
    progress({ stage: `runs of ${todo[0]?.testDate ?? ''}`, unit: 'runs', done: total - left, total })
  const over = new AbortController()
  const stop = AbortSignal.any([signal, over.signal])
  const telling = (async (): Promise<void> => {
    while (!stop.aborted) {
      tell()
      await clock.sleep(TELL_MS, stop).catch(() => undefined)
    }
  })()
  try {
    return await queue.drain({ signal, onLeft })
  } finally {
    over.abort()
    await telling
    tell()
  }
}

function notDone(date: string, left: number, total: number, report: DrainReport): StorageError {
  const cause = report.failed[0]?.error
  const because = cause instanceof Error ? `: ${cause.message}` : ''
  return new StorageError({
    code: 'unavailable',
    retryable: isStorageError(cause) && cause.retryable,
    message: `${left} of ${total} runs of ${date} could not be done${because}; run the day again to go on`,
    ...(cause === undefined ? {} : { cause }),
  })
}
