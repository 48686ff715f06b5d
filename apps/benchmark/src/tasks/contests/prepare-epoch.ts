import { BASELINE_HOTKEY, type BenchmarkEpoch, type TaskControl } from '@subnetkit/core'

import { lockNames } from '../../ports/locks.ts'
import type { ContestDeps } from './contest-deps.ts'
import { withinLock } from '../within-lock.ts'

/**
 * Makes an epoch ready to run: its submission is cloned, scanned and built once, when it begins. Returns the epoch as it
 * stands then, `running` with its image or `failed` with the reason; the registry is told the same. Throws only for the
 * machine's own failures.
 */
export async function prepareEpoch(
  deps: ContestDeps,
  epoch: BenchmarkEpoch,
  control: TaskControl,
): Promise<BenchmarkEpoch> {
  if (epoch.status !== 'pending') return epoch
  const { imageType, hotkey, repository, commit } = epoch
  const prepared = await deps.prepare({ imageType, hotkey, repository, commit }, control)
  const reason = prepared.isReady ? null : `${prepared.step}: ${prepared.reason}`.slice(0, 2_000)
  await tellRegistry(deps, epoch, reason, control.signal)
  const { benchmarkEpochs } = deps.repositories
  return await withinLock(deps.locks, lockNames.epoch(epoch.epochId), control.signal, async (signal) => {
    const before = await benchmarkEpochs.get({ epochId: epoch.epochId }, { signal })
    if (before.status !== 'pending') return before
    const after: BenchmarkEpoch = prepared.isReady
      ? { ...before, status: 'running', image: prepared.image, treeSha256: prepared.treeSha256 }
      : { ...before, status: 'failed', errorMessage: reason, completedAt: deps.clock.now() }
    await benchmarkEpochs.put({ epoch: after }, { signal })
    return after
  })
}

/** What became of a commit goes to the registry, as long as it is the commit that stands there, waiting to be looked at. */
async function tellRegistry(
  deps: ContestDeps,
  { hotkey, imageType, repository, commit }: BenchmarkEpoch,
  reason: string | null,
  signal: AbortSignal,
): Promise<void> {
  if (hotkey === BASELINE_HOTKEY) return
  const { submissions } = deps.repositories
  await withinLock(deps.locks, lockNames.submission(imageType, hotkey), signal, async (held) => {
    const submission = await submissions.find({ hotkey, imageType }, { signal: held })
    if (submission === null || submission.repository !== repository || submission.commit !== commit) return
    const status = reason === null ? 'active' : 'failed'
    const mayChange = submission.status === 'pending' || (submission.status === 'active' && reason !== null)
    if (!mayChange) return
    await submissions.setStatus(
      { hotkey, imageType, status, validationError: reason, now: deps.clock.now() },
      { signal: held },
    )
  })
}
