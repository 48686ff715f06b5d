import { chmod, readdir, rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { isInputError } from '@subnetkit/core'

import type { DatasetFormat } from '../dataset/dataset-options.ts'
import { datasetLayout } from '../output/dataset-layout.ts'
import type { SnapshotMeta } from '../output/dataset-meta.ts'
import { hashFile } from '../output/existing-dataset.ts'
import type { DatasetKey, DatasetStore, ReadyDataset } from '../ports/dataset-store.ts'
import { type BenchmarkLocks, lockNames } from '../ports/locks.ts'
import { type ExistingDataset, findExistingDataset } from '../tasks/datasets/find-existing-dataset.ts'
import { generateDataset } from '../tasks/datasets/generate-dataset.ts'
import { type ContestDataset, contestDataset } from './datasets/contest-dataset.ts'
import { filesOfMeta, VerifiedFiles } from './datasets/verified-files.ts'

/** Ten million transfers take minutes; whoever waits for another process to make them waits this long. */
const LOCK_WAIT_MS = 60 * 60_000

/** What a dataset store is opened with. */
export interface OpenDatasetStoreParams {
  /** Made when it is missing; each contest has a folder of its own in it. */
  readonly folder: string
  readonly locks: BenchmarkLocks
  /** Milliseconds since 1970; only decides when checksums are looked at again, never what is in a dataset. */
  readonly now: () => number
  /** @default parquet */
  readonly format?: DatasetFormat
}

/**
 * Datasets of contests as folders on this machine. One is made by whoever needs it first, under a lock; it is checked
 * against its checksums before it is handed out, and made again when it is damaged. Its bytes follow from its key alone,
 * so that every machine has the same.
 */
export function openDatasetStore(params: Readonly<OpenDatasetStoreParams>): DatasetStore {
  return new FolderDatasetStore(params)
}

class FolderDatasetStore implements DatasetStore {
  readonly #folder: string
  readonly #locks: BenchmarkLocks
  readonly #format: DatasetFormat
  readonly #verified: VerifiedFiles
  readonly #ready = new Map<string, ReadyDataset>()

  constructor({ folder, locks, now, format }: Readonly<OpenDatasetStoreParams>) {
    this.#folder = folder
    this.#locks = locks
    this.#format = format ?? 'parquet'
    this.#verified = new VerifiedFiles(now)
  }

  async ensure({ signal, ...key }: Readonly<DatasetKey & { signal: AbortSignal }>): Promise<ReadyDataset> {
    const dataset = contestDataset(key, this.#format)
    const name = lockNames.dataset(dataset.name)
    const known = await this.#stillReady(dataset)
    if (known !== null) return known
    await using lock = await this.#locks.acquire({ name, waitMs: LOCK_WAIT_MS, signal })
    return (
      (await this.#stillReady(dataset)) ??
      (await this.#prepare(dataset, AbortSignal.any([signal, lock.lost])))
    )
  }

  async remove(key: Readonly<DatasetKey>): Promise<void> {
    const dataset = contestDataset(key, this.#format)
    const name = lockNames.dataset(dataset.name)
    const signal = new AbortController().signal
    await using _lock = await this.#locks.acquire({ name, waitMs: LOCK_WAIT_MS, signal })
    this.#ready.delete(dataset.name)
    this.#verified.forget(dataset.name)
    const folder = join(this.#folder, dataset.folder)
    await rm(folder, { recursive: true, force: true })
    await removeIfEmpty(dirname(folder))
  }

  /** What this process handed out before, if its files have not been touched since. */
  async #stillReady(dataset: ContestDataset): Promise<ReadyDataset | null> {
    const ready = this.#ready.get(dataset.name)
    if (ready === undefined) return null
    const files = await listFiles(ready)
    return (await this.#verified.areVerified(dataset.name, files)) ? ready : null
  }

  async #prepare(dataset: ContestDataset, signal: AbortSignal): Promise<ReadyDataset> {
    const { options } = dataset
    const out = join(this.#folder, dataset.folder)
    const layout = datasetLayout(options)
    const folders = { snapshotFolder: join(out, layout.snapshot), truthFolder: join(out, layout.truth) }
    signal.throwIfAborted()
    const metas =
      (await this.#findUndamaged(dataset, folders)) ??
      (await generateDataset({ options, out, force: true, signal }))
    await closeTruth(folders, metas)
    const ready: ReadyDataset = {
      ...folders,
      sha256: await hashFile(join(folders.snapshotFolder, 'META.json')),
      accounts: metas.truth.separability.active_accounts,
      transfers: options.transfers,
    }
    this.#ready.set(dataset.name, ready)
    await this.#verified.note(dataset.name, await listFiles(ready))
    return ready
  }

  /** The dataset, if it is there and every checksum is right; whatever else stands in its place is to be replaced. */
  async #findUndamaged(
    { options }: ContestDataset,
    folders: Pick<ReadyDataset, 'snapshotFolder' | 'truthFolder'>,
  ): Promise<ExistingDataset | null> {
    try {
      const existing = await findExistingDataset(options, folders)
      const isExact =
        existing !== null && (await holdsOnlyItsFiles(folders.snapshotFolder, existing.snapshot))
      return isExact ? existing : null
    } catch (error) {
      if (isInputError(error)) return null
      throw error
    }
  }
}

/**
 * A submission runs as a user of its own, which has to read the snapshot; nobody but the validator's user reads the
 * truth, were it ever in reach.
 */
async function closeTruth(
  { snapshotFolder, truthFolder }: Pick<ReadyDataset, 'snapshotFolder' | 'truthFolder'>,
  { snapshot, truth }: ExistingDataset,
): Promise<void> {
  await chmod(snapshotFolder, 0o755)
  for (const path of filesOfMeta(snapshotFolder, snapshot.sha256)) await chmod(path, 0o644)
  await chmod(truthFolder, 0o700)
  for (const path of filesOfMeta(truthFolder, truth.sha256)) await chmod(path, 0o600)
}

/** A submission sees all of the snapshot's folder: what does not belong there must not be in it. */
async function holdsOnlyItsFiles(folder: string, { sha256 }: SnapshotMeta): Promise<boolean> {
  const names = await readdir(folder)
  return names.length === 1 + Object.keys(sha256).length
}

/** Every file of both folders; a file too many is seen as well as one too few. */
async function listFiles({ snapshotFolder, truthFolder }: ReadyDataset): Promise<string[]> {
  const files: string[] = []
  for (const folder of [snapshotFolder, truthFolder]) {
    const names = await readdir(folder).catch(() => ['META.json'])
    files.push(...names.sort().map((name) => join(folder, name)))
  }
  return files
}

async function removeIfEmpty(folder: string): Promise<void> {
  try {
    await rmdir(folder)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code !== 'ENOENT' && code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error
  }
}
