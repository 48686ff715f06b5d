import { mkdir, open, readFile, type FileHandle } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { z } from 'zod'

import { InputError } from '../errors/input-error.ts'
import { StorageError } from '../errors/storage-error.ts'

/** Which lock, and how long to wait for it. */
export interface FolderLockOptions {
  /** Created with mode 0700 when missing. It must be on a local file system. */
  readonly folder: string
  /** Letters, digits, `.`, `_`, `-`, at most 200: `<name>.lock` is the file. One name, one lock. */
  readonly name: string
  /** Milliseconds to wait for the holder; 0, the default, tries once; `Infinity` waits until `signal`. */
  readonly waitMs?: number | undefined
  /** Ends the waiting; its reason is thrown as it is. */
  readonly signal?: AbortSignal | undefined
}

/** A held lock. It is free again after `close`, and by the kernel when the process ends in whatever way. */
export interface FolderLock extends AsyncDisposable {
  /** The lock file. It stays after `close`: removing it would let two holders in. */
  readonly path: string
  /** Frees the lock; a second call does nothing. */
  close(): Promise<void>
}

/** A {@link FolderLock} that can be handed down to a child process, which then holds it too. */
export interface InheritableFolderLock extends FolderLock {
  /** The open file that carries the lock; a child that inherits it keeps the lock until both have closed it. */
  readonly fd: number
  /** Names another process as the holder, for the messages that others get. */
  setHolder(pid: number): Promise<void>
}

const POLL_MS = 50
/** Keeps the collector, which closes forgotten files, from freeing a lock whose handle nobody keeps. */
const held = new Set<FileHandle>()
const LOCK_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/

/**
 * An exclusive lock between the processes of one machine (and between two callers in one process), for example one
 * run per network, date and window. It is a lock of the kernel on an open file, so a holder that is killed frees it,
 * and two can never hold it. Throws a `StorageError` with code `locked` when `waitMs` pass.
 */
export async function acquireFolderLock(options: Readonly<FolderLockOptions>): Promise<FolderLock> {
  const { folder, name, waitMs = 0, signal } = options
  const deadline = performance.now() + waitMs
  for (;;) {
    signal?.throwIfAborted()
    const lock = await tryFolderLock({ folder, name })
    if (lock !== undefined) return lock
    const left = deadline - performance.now()
    if (left <= 0) throw await lockedError(folder, name)
    await sleep(Math.min(POLL_MS, left), undefined, { signal }).catch((error: unknown) => {
      signal?.throwIfAborted()
      throw error
    })
  }
}

/** One attempt at the lock; `undefined` when another holds it. */
export async function tryFolderLock(
  options: Readonly<Pick<FolderLockOptions, 'folder' | 'name'>>,
): Promise<InheritableFolderLock | undefined> {
  const path = lockPath(options.folder, options.name)
  const tryLock = loadTryLock()
  const file = await openLockFile(options.folder, path)
  try {
    if (!tryLock(file.fd)) {
      await file.close()
      return undefined
    }
    await writeHolder(file, process.pid)
  } catch (error) {
    await file.close().catch(() => undefined)
    throw error
  }
  held.add(file)
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => (closing ??= release(file))
  return {
    path,
    fd: file.fd,
    setHolder: (pid) => writeHolder(file, pid),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** The pid that the holder of a lock wrote down, or `undefined`. Only for messages: the pid may be dead. */
export async function readLockHolder(folder: string, name: string): Promise<number | undefined> {
  const text = await readFile(lockPath(folder, name), 'utf8').catch(() => '')
  const pid = Number.parseInt(text, 10)
  return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined
}

async function release(file: FileHandle): Promise<void> {
  held.delete(file)
  await file.close()
}

async function lockedError(folder: string, name: string): Promise<StorageError> {
  const pid = await readLockHolder(folder, name)
  return new StorageError({
    code: 'locked',
    message: `${folder}: "${name}" is held by ${pid === undefined ? 'another process' : `process ${pid}`}; wait for it to end, end it, or use another data folder (--data-dir)`,
    details: { folder, name, pid: pid ?? null },
  })
}

function lockPath(folder: string, name: string): string {
  if (LOCK_NAME.test(name)) return join(folder, `${name}.lock`)
  throw new InputError({
    field: 'lock name',
    value: name,
    problem: 'is not a lock name',
    hint: 'use 1 to 200 letters, digits, dots, dashes and underscores',
  })
}

async function openLockFile(folder: string, path: string): Promise<FileHandle> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    return await open(path, 'a+', 0o600)
  } catch (cause) {
    throw new StorageError({
      code: 'unavailable',
      retryable: false,
      message: `${folder}: cannot keep a lock file there; make it a folder that you can write to, or use another (--data-dir)`,
      cause,
      details: { folder, path },
    })
  }
}

async function writeHolder(file: FileHandle, pid: number): Promise<void> {
  await file.truncate(0)
  await file.write(`${pid}\n`)
}

/** The part of the library that is used here; it ships no types of its own. */
const lockLibrary = z.object({
  /** Takes an exclusive kernel lock on the open file; false when another open file has it. */
  tryLock: z.custom<(fd: number) => boolean>((value) => typeof value === 'function'),
})

/** Loaded late: where its prebuilt part does not load (musl), only those who lock are told. */
function loadTryLock(): (fd: number) => boolean {
  try {
    const require = createRequire(import.meta.url)
    return lockLibrary.parse(require('fs-native-extensions')).tryLock
  } catch (cause) {
    throw new StorageError({
      code: 'unavailable',
      retryable: false,
      message: `file locks need the package fs-native-extensions, which does not load on ${process.platform}-${process.arch}; use servers (CLICKHOUSE_URL, DYNAMODB_ENDPOINT) there`,
      cause,
    })
  }
}
