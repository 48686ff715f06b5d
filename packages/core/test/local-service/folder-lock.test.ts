import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, it } from 'vitest'

import { acquireFolderLock } from '../../src/local-service/folder-lock.ts'
import { spawnTypeScript } from '../spawn-typescript.ts'
import { temporaryFolder } from './fixture-service.ts'

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'
const holder = new URL('lock-holder.ts', import.meta.url)
let temporary: Awaited<ReturnType<typeof temporaryFolder>>
let folder: string

beforeEach(async () => {
  temporary = await temporaryFolder()
  folder = join(temporary.path, 'data')
})
afterEach(() => temporary[Symbol.asyncDispose]())

it('lets one caller in, and the next after close', async () => {
  const first = await acquireFolderLock({ folder, name: 'run-torus-2025-08-01-7' })
  await expect(acquireFolderLock({ folder, name: 'run-torus-2025-08-01-7' })).rejects.toMatchObject({
    code: 'locked',
    message: expect.stringContaining(`is held by process ${process.pid}; wait for it to end`),
    details: { folder, name: 'run-torus-2025-08-01-7', pid: process.pid },
  })
  await first.close()
  await first.close()
  await using second = await acquireFolderLock({ folder, name: 'run-torus-2025-08-01-7' })
  expect(second.path).toBe(join(folder, 'run-torus-2025-08-01-7.lock'))
})

it('keeps other names apart', async () => {
  await using _first = await acquireFolderLock({ folder, name: 'a' })
  await using second = await acquireFolderLock({ folder, name: 'b' })
  expect(await readFile(second.path, 'utf8')).toBe(`${process.pid}\n`)
})

it('waits for the holder, and no longer than it was told', async () => {
  const first = await acquireFolderLock({ folder, name: 'run' })
  const start = performance.now()
  await expect(acquireFolderLock({ folder, name: 'run', waitMs: 120 })).rejects.toMatchObject({
    code: 'locked',
  })
  expect(performance.now() - start).toBeGreaterThanOrEqual(115)
  const waiting = acquireFolderLock({ folder, name: 'run', waitMs: Infinity })
  await first.close()
  await (await waiting).close()
})

it('throws the reason of an abort as it is', async () => {
  await using _first = await acquireFolderLock({ folder, name: 'run' })
  const abort = new AbortController()
  const waiting = acquireFolderLock({ folder, name: 'run', waitMs: Infinity, signal: abort.signal })
  const reason = new Error('enough')
  abort.abort(reason)
  await expect(waiting).rejects.toBe(reason)
})

it('makes folder and file readable by this user only', async () => {
  await using lock = await acquireFolderLock({ folder, name: 'run' })
  expect((await stat(folder)).mode & 0o777).toBe(0o700)
  expect((await stat(lock.path)).mode & 0o777).toBe(0o600)
})

it('refuses names that leave the folder, and folders that cannot be', async () => {
  for (const name of ['../run', '', 'a/b', '.', '-x', 'x'.repeat(201)]) {
    await expect(acquireFolderLock({ folder, name })).rejects.toMatchObject({ name: 'InputError' })
  }
  const file = join(temporary.path, 'file')
  await writeFile(file, '')
  await expect(acquireFolderLock({ folder: file, name: 'run' })).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('--data-dir'),
  })
})

it('is free again when its holder is killed, and names the holder before', async () => {
  await using program = spawnTypeScript(holder, 'hold', folder)
  expect(await program.line()).toBe('held')
  await expect(acquireFolderLock({ folder, name: 'run' })).rejects.toMatchObject({
    details: { pid: program.child.pid },
  })
  await program.kill()
  await using lock = await acquireFolderLock({ folder, name: 'run' })
  expect(lock.path).toContain('run.lock')
})

it('never has two holders among processes that fight for it', async () => {
  const [processes, rounds] = isSoak ? [8, 200] : [4, 15]
  await (await acquireFolderLock({ folder, name: 'run' })).close()
  const programs = Array.from({ length: processes }, () =>
    spawnTypeScript(holder, 'count', folder, `${rounds}`),
  )
  await Promise.all(programs.map((program) => program.line()))
  expect(await readFile(join(folder, 'counter.txt'), 'utf8')).toBe(`${processes * rounds}`)
})
