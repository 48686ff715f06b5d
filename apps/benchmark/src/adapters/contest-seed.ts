import { access } from 'node:fs/promises'
import { join } from 'node:path'

import { StorageError } from '@subnetkit/core'
import { z } from 'zod'

import type { BenchmarkLocks } from '../ports/locks.ts'
import { readJsonFile, writeJsonFile } from '../tasks/json-file.ts'

const seedSchema = z.strictObject({ datasetSeed: z.string().min(16).max(200) })

const WAIT_MS = 10_000

/**
 * The seed of epochs outside of tournaments: drawn once for a data folder and kept in it, readable for its owner only.
 * Whoever knows it can make the truth.
 *
 * @throws StorageError `corrupt_row` when the file is damaged: another seed would be another world in the middle of an
 *   epoch.
 */
export async function keptSeed(params: {
  readonly folder: string
  readonly locks: BenchmarkLocks
  readonly newSeed: () => string
  readonly signal: AbortSignal
}): Promise<string> {
  const path = join(params.folder, 'contest-seed.json')
  const before = await readJsonFile(path, seedSchema)
  if (before !== null) return before.datasetSeed
  await using _lock = await params.locks.acquire({
    name: 'contest-seed',
    waitMs: WAIT_MS,
    signal: params.signal,
  })
  const kept = await readJsonFile(path, seedSchema)
  if (kept !== null) return kept.datasetSeed
  if (await exists(path)) {
    throw new StorageError({
      code: 'corrupt_row',
      message: `${path} holds no seed; bring it back from a backup, or remove it to begin new worlds`,
    })
  }
  const datasetSeed = params.newSeed()
  await writeJsonFile(path, { datasetSeed })
  return datasetSeed
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  )
}
