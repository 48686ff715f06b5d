import { rm } from 'node:fs/promises'

import {
  type BenchmarkEpoch,
  type BenchmarkRun,
  type BenchmarkRunContext,
  benchmarkRunContextSchema,
  benchmarkRunSchema,
  defineTask,
  InputError,
  type Task,
  type TaskControl,
} from '@subnetkit/core'

import type { BenchmarkDeps } from '../../benchmark-deps.ts'
import { runIdOf } from '../../benchmark-ids.ts'
import { lockNames } from '../../ports/locks.ts'
import { findContest } from '../contests/find-contest.ts'
import { RunAttempt } from './run-attempt.ts'
import { isFinalRun, newRun, runKeyOf } from './run-row.ts'
import { stepRetry } from '../step-retry.ts'
import { runPaths } from '../work-paths.ts'

/** Beyond the program's own time: preparing, validating, storing by somebody who is before us. */
const LOCK_SLACK_MS = 7_200_000

/**
 * Runs one submission on one day's dataset and judges what came out: miner database, dataset, image, program, validation,
 * each as far as it is not done. A run that is final is answered as it is. Killed at any point, the next try goes on: a
 * program that ended is not started again. When the machine fails, or it is stopped, the run stays `pending` and it
 * throws: only the submission's own fault makes a run `failed` or `timeout`.
 */
export const performRunTask: Task<BenchmarkDeps, BenchmarkRunContext, BenchmarkRun> = defineTask({
  name: 'benchmark-run',
  context: benchmarkRunContextSchema,
  result: benchmarkRunSchema,
  retry: stepRetry,
  run: performRun,
})

async function performRun(
  deps: BenchmarkDeps,
  context: BenchmarkRunContext,
  control: TaskControl,
): Promise<BenchmarkRun> {
  const { benchmarkEpochs, benchmarkRuns } = deps.repositories
  const { signal } = control
  const key = runKeyOf(context)
  const runId = runIdOf(key)
  const paths = runPaths(deps.workFolder, runId)
  /** What a process that was killed after its last write left goes, too. */
  const answer = async (run: BenchmarkRun): Promise<BenchmarkRun> => {
    await rm(paths.folder, { recursive: true, force: true })
    return run
  }
  const known = await benchmarkRuns.find(key, { signal })
  if (known !== null && isFinalRun(known)) return await answer(known)
  const epoch = checkEpoch(await benchmarkEpochs.get({ epochId: key.epochId }, { signal }), context)
  const contest = await findContest(deps, epoch, { signal })
  const waitMs = contest.timeLimitMs * deps.runAttempts + LOCK_SLACK_MS
  await using lock = await deps.locks.acquire({ name: lockNames.run(runId), waitMs, signal })
  const before = await benchmarkRuns.find(key, { signal })
  if (before !== null && isFinalRun(before)) return await answer(before)
  const attempt = new RunAttempt(deps, {
    context,
    epoch,
    contest,
    control,
    signal: AbortSignal.any([signal, lock.lost]),
    run: before ?? newRun(context, epoch, deps.clock.now()),
  })
  try {
    return await answer(await attempt.perform())
  } catch (error) {
    // Who lost the lock does not write: another may be at the same run already.
    if (!lock.lost.aborted) await attempt.putBack()
    throw error
  }
}

function checkEpoch(epoch: BenchmarkEpoch, { hotkey, imageType }: BenchmarkRunContext): BenchmarkEpoch {
  if (epoch.hotkey === hotkey && epoch.imageType === imageType) return epoch
  throw new InputError({
    field: 'epochId',
    value: epoch.epochId,
    problem: `is the ${epoch.imageType} epoch of ${epoch.hotkey}`,
    hint: 'give hotkey and type of the epoch',
  })
}
