import { appendFile, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, it } from 'vitest'

import { VerifiedFiles } from '../src/adapters/datasets/verified-files.ts'
import { openDatasetStore } from '../src/adapters/open-dataset-store.ts'
import { hashFile, readTruthMeta } from '../src/output/existing-dataset.ts'
import type { DatasetStore, ReadyDataset } from '../src/ports/dataset-store.ts'
import { inProcessLocks } from './in-process-locks.ts'

const { signal } = new AbortController()
const key = {
  contestSeed: 'nobody guesses this',
  network: 'torus',
  processingDate: '2025-08-01',
  windowDays: 7,
  transfers: 2_000,
}

let folder = ''
let nowMs = 0
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dataset-store-'))
  nowMs = 1_000_000
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

function open(locks = inProcessLocks()): DatasetStore {
  return openDatasetStore({ folder, locks, now: () => nowMs })
}

async function seedOf({ truthFolder }: ReadyDataset): Promise<string> {
  return (await readTruthMeta(truthFolder))?.seed ?? ''
}

it('makes a dataset once for all who ask at once, and says where it lies and how large it is', async () => {
  const locks = inProcessLocks()
  const store = open(locks)
  const made = await Promise.all([1, 2, 3, 4].map(() => store.ensure({ ...key, signal })))
  expect(new Set(made.map((one) => JSON.stringify(one))).size).toBe(1)
  const [ready] = made
  expect(ready).toMatchObject({ transfers: 2_000 })
  expect(ready?.accounts).toBeGreaterThan(100)
  expect(ready?.sha256).toBe(await hashFile(join(ready?.snapshotFolder ?? '', 'META.json')))
  const { birthtimeMs } = await stat(join(ready?.snapshotFolder ?? '', 'transfers.parquet'))
  await store.ensure({ ...key, signal })
  await open().ensure({ ...key, signal })
  expect((await stat(join(ready?.snapshotFolder ?? '', 'transfers.parquet'))).birthtimeMs).toBe(birthtimeMs)
  expect(new Set(locks.taken).size).toBe(1)
})

it('shows a submission tables and META.json, and nothing from which the truth can be made', async () => {
  const ready = await open().ensure({ ...key, signal })
  expect((await readdir(ready.snapshotFolder)).sort()).toEqual([
    'META.json',
    'address_labels.parquet',
    'transfers.parquet',
  ])
  const seed = await seedOf(ready)
  expect(seed).toMatch(/^[0-9a-f]{64}$/)
  for (const name of await readdir(ready.snapshotFolder)) {
    const bytes = await readFile(join(ready.snapshotFolder, name), 'latin1')
    for (const secret of [seed, key.contestSeed, 'pattern_instance', 'cycle_node']) {
      expect(bytes.includes(secret)).toBe(false)
    }
  }
  expect(ready.snapshotFolder.includes(seed) || ready.snapshotFolder.includes(key.contestSeed)).toBe(false)
  expect(ready.truthFolder.startsWith(ready.snapshotFolder)).toBe(false)
  expect((await stat(ready.truthFolder)).mode & 0o077).toBe(0)
  expect((await stat(join(ready.truthFolder, 'META.json'))).mode & 0o077).toBe(0)
  expect((await stat(join(ready.snapshotFolder, 'transfers.parquet'))).mode & 0o444).toBe(0o444)
})

it('makes the same bytes on every machine, and other ones for each contest, network, day, window and size', async () => {
  const first = await open().ensure({ ...key, signal })
  const elsewhere = await mkdtemp(join(tmpdir(), 'dataset-store-'))
  nowMs = 9_000_000
  const store = openDatasetStore({ folder: elsewhere, locks: inProcessLocks(), now: () => nowMs })
  expect((await store.ensure({ ...key, signal })).sha256).toBe(first.sha256)
  await rm(elsewhere, { recursive: true })
  const changes = [
    { contestSeed: 'another' },
    { network: 'bittensor' },
    { processingDate: '2025-08-02' },
    { windowDays: 8 },
    { transfers: 2_001 },
  ]
  const others = await Promise.all(changes.map((change) => open().ensure({ ...key, ...change, signal })))
  expect(new Set([first, ...others].map(({ sha256 }) => sha256)).size).toBe(6)
  expect(new Set([first, ...others].map(({ snapshotFolder }) => snapshotFolder)).size).toBe(6)
  const seeds = await Promise.all([first, ...others.slice(0, 4)].map(seedOf))
  expect(new Set(seeds).size).toBe(5)
  expect(await open().ensure({ ...key, signal })).toEqual(first)
})

it('makes again what is damaged, missing or not the dataset, whichever file it is', async () => {
  const store = open()
  const ready = await store.ensure({ ...key, signal })
  const harms: (() => Promise<void>)[] = [
    () => appendFile(join(ready.snapshotFolder, 'transfers.parquet'), 'x'),
    () => rm(join(ready.truthFolder, 'ground_truth.parquet')),
    () => writeFile(join(ready.snapshotFolder, 'META.json'), '{}'),
    () => rm(ready.snapshotFolder, { recursive: true }),
    () => rm(ready.truthFolder, { recursive: true }),
    () => writeFile(join(ready.snapshotFolder, 'ground_truth.parquet'), 'left here by mistake'),
  ]
  const bytes = await hashFile(join(ready.truthFolder, 'ground_truth.parquet'))
  for (const harm of harms) {
    await harm()
    expect(await store.ensure({ ...key, signal })).toEqual(ready)
    expect(await hashFile(join(ready.truthFolder, 'ground_truth.parquet'))).toBe(bytes)
    expect(await readdir(ready.snapshotFolder)).toHaveLength(3)
  }
})

it('notices a change that keeps size and time of a file', async () => {
  const store = open()
  const ready = await store.ensure({ ...key, signal })
  const path = join(ready.truthFolder, 'planted_transfers.parquet')
  const right = await hashFile(path)
  const { atime, mtime } = await stat(path)
  const bytes = await readFile(path)
  bytes[100] = (bytes[100] ?? 0) ^ 1
  await writeFile(path, bytes)
  await utimes(path, atime, mtime)
  await store.ensure({ ...key, signal })
  expect(await hashFile(path)).toBe(right)
})

it('trusts what it verified for a quarter of an hour, while the files look the same', async () => {
  const path = join(folder, 'file')
  await writeFile(path, 'right')
  const verified = new VerifiedFiles(() => nowMs)
  expect(await verified.areVerified('one', [path])).toBe(false)
  await verified.note('one', [path])
  nowMs += 600_000
  expect(await verified.areVerified('one', [path])).toBe(true)
  expect(await verified.areVerified('other', [path])).toBe(false)
  nowMs += 600_000
  expect(await verified.areVerified('one', [path])).toBe(false)
})

it('removes one dataset, twice without harm, and leaves the others', async () => {
  const store = open()
  const one = await store.ensure({ ...key, signal })
  const other = await store.ensure({ ...key, windowDays: 8, signal })
  await store.remove(key)
  await store.remove(key)
  await expect(stat(one.snapshotFolder)).rejects.toThrow('ENOENT')
  await expect(stat(one.truthFolder)).rejects.toThrow('ENOENT')
  expect(await readdir(other.snapshotFolder)).toHaveLength(3)
  await store.remove({ ...key, windowDays: 8 })
  expect(await readdir(folder)).toEqual([])
  expect(await store.ensure({ ...key, signal })).toEqual(one)
})

it('refuses what cannot be made, and stops when it is told to', async () => {
  const store = open()
  await expect(store.ensure({ ...key, contestSeed: '', signal })).rejects.toThrow(/^contest seed: is empty/)
  await expect(store.ensure({ ...key, network: '../up', signal })).rejects.toThrow(/^--network: "..\/up"/)
  await expect(store.ensure({ ...key, transfers: 10, signal })).rejects.toThrow(/^--transfers: "10"/)
  const stop = new AbortController()
  stop.abort(new Error('enough'))
  await expect(store.ensure({ ...key, signal: stop.signal })).rejects.toThrow('enough')
  expect(await readdir(folder)).toEqual([])
})
