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

/** How often the queue is asked how far it is, in ms. */
const ASK_MS = 500

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
  const todo = planned.filter((run) => !before.has(runIdOf(runKeyOf(run))))
  for (const run of todo) {
    await deps.queue.add({
      task: 'benchmark-run',
      context: run,
      jobId: `benchmark-run-${runIdOf(runKeyOf(run))}`,
    })
  }
  const report = todo.length === 0 ? null : await drain(deps.queue, day.testDate, todo.length, control)
  control.signal.throwIfAborted()
  const after = todo.length === 0 ? before : await finalRuns(deps, day, control.signal)
  const runs = planned.flatMap((run) => after.get(runIdOf(runKeyOf(run))) ?? [])
  if (runs.length < planned.length)
    throw notDone(day.testDate, planned.length - runs.length, planned.length, report)
  return { runs, foundDone: planned.length - todo.length }
}

async function finalRuns(
  { repositories }: Pick<ContestDeps, 'repositories'>,
  day: Readonly<{ imageType: ImageType; testDate: string }>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, BenchmarkRun>> {
  const runs = await allPages((page) => repositories.benchmarkRuns.list({ ...day, ...page }, { signal }))
  return new Map(runs.filter(isFinalRun).map((run) => [run.runId, run]))
}

async function drain(
  queue: TaskQueue,
  date: string,
  total: number,
  { signal, clock, progress }: TaskControl,
): Promise<DrainReport> {
  const over = new AbortController()
  const drained = queue.drain({ signal }).finally(() => over.abort())
  const stop = AbortSignal.any([signal, over.signal])
  const asking = (async (): Promise<void> => {
    while (!stop.aborted) {
      const { waiting, running } = await queue.counts()
      progress({
        stage: `runs of ${date}`,
        unit: 'runs',
        done: Math.max(0, total - waiting - running),
        total,
      })
      await clock.sleep(ASK_MS, stop).catch(() => undefined)
    }
  })()
  const report = await drained
  await asking
  progress({ stage: `runs of ${date}`, unit: 'runs', done: total, total })
  return report
}

function notDone(date: string, left: number, total: number, report: DrainReport | null): StorageError {
  const cause = report?.failed[0]?.error
  const because = cause instanceof Error ? `: ${cause.message}` : ''
  return new StorageError({
    code: 'unavailable',
    retryable: isStorageError(cause) && cause.retryable,
    message: `${left} of ${total} runs of ${date} could not be done${because}; run the day again to go on`,
    ...(cause === undefined ? {} : { cause }),
  })
}
