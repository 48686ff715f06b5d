import { rm } from 'node:fs/promises'

import {
  BASELINE_HOTKEY,
  type BenchmarkEpoch,
  benchmarkEpochContextSchema,
  defineTask,
  InputError,
} from '@subnetkit/core'

import type { BenchmarkDeps } from '../benchmark-deps.ts'
import { lockNames } from '../ports/locks.ts'
import { imageNameOf } from '../ports/sandbox.ts'
import { allPages } from './all-pages.ts'
import { runPaths, submissionPaths } from './work-paths.ts'
import { withinLock } from './within-lock.ts'

/** What cleaning up works with. */
export type CleanUpDeps = Pick<BenchmarkDeps, 'repositories' | 'locks' | 'clock' | 'sandbox' | 'workFolder'>

/** What was cleaned up. */
export interface CleanedUp {
  readonly epochId: string
  readonly hotkey: string
  readonly image: string
  /** Folders of runs that were looked for. */
  readonly runFolders: number
  readonly isDatabaseArchived: boolean
}

/**
 * Removes what an ended epoch left on this machine: image, tree, folders of its runs; the miner's database is archived, its
 * rows stay. What another epoch of the same submission needs later is made again. Asked again it does nothing more.
 *
 * @throws InputError while this or another epoch of the submission waits or runs, and for the active baseline.
 */
export const cleanUp = defineTask({
  name: 'clean-up',
  context: benchmarkEpochContextSchema,
  run: async (deps: CleanUpDeps, { epochId }, { signal }): Promise<CleanedUp> => {
    const { benchmarkEpochs } = deps.repositories
    const { imageType, hotkey } = await benchmarkEpochs.get({ epochId }, { signal })
    const name = lockNames.submission(imageType, hotkey)
    return await withinLock(deps.locks, name, signal, async (held) => {
      const epoch = await benchmarkEpochs.get({ epochId }, { signal: held })
      await checkUnused(deps, epoch, held)
      const image = imageNameOf(epoch)
      await withinLock(deps.locks, lockNames.image(image), held, async () => {
        await deps.sandbox.removeImage(image)
        const { tree, verdict } = submissionPaths(deps.workFolder, epoch)
        for (const path of [tree, verdict]) await rm(path, { recursive: true, force: true })
      })
      const runs = await allPages((page) =>
        deps.repositories.benchmarkRuns.list({ imageType, epochId, ...page }, { signal: held }),
      )
      for (const { runId } of runs) {
        await rm(runPaths(deps.workFolder, runId).folder, { recursive: true, force: true })
      }
      const isDatabaseArchived = await archiveDatabase(deps, epoch, held)
      return { epochId, hotkey, image, runFolders: runs.length, isDatabaseArchived }
    })
  },
})

async function checkUnused(
  { repositories }: CleanUpDeps,
  { hotkey, imageType, commit }: BenchmarkEpoch,
  signal: AbortSignal,
): Promise<void> {
  for (const status of ['running', 'pending'] as const) {
    const { items } = await repositories.benchmarkEpochs.list(
      { hotkey, imageType, status, limit: 1 },
      { signal },
    )
    const [busy] = items
    if (busy !== undefined) throw inUse(hotkey, `epoch ${busy.epochId} is ${status}`)
  }
  if (hotkey !== BASELINE_HOTKEY) return
  const active = await repositories.baselines.findActive({ imageType }, { signal })
  if (active?.commit === commit) throw inUse(hotkey, `${active.version} is the active baseline`)
}

function inUse(hotkey: string, why: string): InputError {
  return new InputError({
    field: 'epoch',
    value: hotkey,
    problem: `is in use: ${why}`,
    hint: 'clean up when it has ended',
  })
}

async function archiveDatabase(
  { repositories, clock }: CleanUpDeps,
  { hotkey, imageType }: BenchmarkEpoch,
  signal: AbortSignal,
): Promise<boolean> {
  const found = await repositories.minerDatabases.find({ hotkey, imageType }, { signal })
  if (found === null || found.status !== 'active') return false
  await repositories.minerDatabases.touch(
    { hotkey, imageType, status: 'archived', now: clock.now() },
    { signal },
  )
  return true
}
