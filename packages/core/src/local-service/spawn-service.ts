import { spawn, type ChildProcess } from 'node:child_process'
import { open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { StorageError } from '../errors/storage-error.ts'
import type { InheritableFolderLock } from './folder-lock.ts'
import { readReadyFile, readyFilePath } from './ready-file.ts'

/** How a service process ended before it was ready. */
export interface ServiceFailure {
  readonly exitCode: number | null
  readonly signalName: string | null
  /** The last 4,000 characters that it printed. */
  readonly log: string
}

/** What {@link spawnService} needs; `lock` is the service's own and is handed down to it. */
export interface SpawnServiceOptions {
  readonly name: string
  readonly folder: string
  readonly command: readonly string[]
  readonly lock: InheritableFolderLock
  readonly lingerMs: number
  readonly graceMs: number
  /** On the clock of `performance.now()`. */
  readonly deadline: number
  readonly signal?: AbortSignal | undefined
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  readonly explainFailure?: ((failure: ServiceFailure) => Error | undefined) | undefined
}

const POLL_MS = 20
const KEPT_LOG_BYTES = 1_000_000
const SHOWN_LOG_CHARACTERS = 4_000

/** Where a service's output goes; at a start it moves to `.1` when it has passed 1 MB. */
export function serviceLogPath(folder: string, name: string): string {
  return join(folder, `${name}.log`)
}

/**
 * Starts the service in a process group of its own, so that it outlives its starter, and resolves when its ready file
 * is written. The child inherits the lock: whatever happens to the starter, no second service can start meanwhile.
 */
export async function spawnService(options: Readonly<SpawnServiceOptions>): Promise<void> {
  const { name, folder, lock, signal } = options
  await rm(readyFilePath(folder, name), { force: true })
  const logPath = serviceLogPath(folder, name)
  await rotateLog(logPath)
  const log = await open(logPath, 'a+', 0o600)
  try {
    const logStart = (await log.stat()).size
    const settings = JSON.stringify({ name, folder, lingerMs: options.lingerMs, graceMs: options.graceMs })
    const child = spawn(process.execPath, [...options.command, settings], {
      cwd: folder,
      detached: true,
      stdio: ['ignore', log.fd, log.fd, lock.fd],
      windowsHide: true,
      ...(options.env === undefined ? {} : { env: { ...options.env } }),
    })
    const exit = watchExit(child)
    child.unref()
    if (child.pid !== undefined) await lock.setHolder(child.pid)
    for (;;) {
      signal?.throwIfAborted()
      if (exit.failure !== undefined) {
        const failure = { ...exit.failure, log: await readLogTail(logPath, logStart) }
        throw options.explainFailure?.(failure) ?? startError(options, failure)
      }
      const ready = await readReadyFile(folder, name)
      if (ready !== undefined && ready.pid === child.pid) return
      if (performance.now() > options.deadline) {
        child.kill('SIGKILL')
        throw lateError(options, await readLogTail(logPath, logStart))
      }
      await sleep(POLL_MS)
    }
  } finally {
    await log.close()
  }
}

interface ExitWatch {
  failure: Pick<ServiceFailure, 'exitCode' | 'signalName'> | undefined
}

function watchExit(child: ChildProcess): ExitWatch {
  const watch: ExitWatch = { failure: undefined }
  child.once('error', (error) => (watch.failure = { exitCode: null, signalName: error.message }))
  child.once('exit', (exitCode, signalName) => (watch.failure ??= { exitCode, signalName }))
  return watch
}

async function rotateLog(path: string): Promise<void> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  )
  if (size > KEPT_LOG_BYTES) await rename(path, `${path}.1`)
}

async function readLogTail(path: string, start: number): Promise<string> {
  const log = await open(path, 'r').catch(() => undefined)
  if (log === undefined) return ''
  try {
    const { size } = await log.stat()
    const from = Math.max(size < start ? 0 : start, size - SHOWN_LOG_CHARACTERS)
    const { buffer, bytesRead } = await log.read({
      buffer: Buffer.alloc(SHOWN_LOG_CHARACTERS),
      position: from,
    })
    return buffer.toString('utf8', 0, bytesRead).trim()
  } finally {
    await log.close()
  }
}

function startError(options: Readonly<SpawnServiceOptions>, failure: ServiceFailure): StorageError {
  const how = failure.signalName ?? `exit code ${failure.exitCode}`
  return new StorageError({
    code: 'unavailable',
    retryable: false,
    message: `${options.name} in ${options.folder} ended before it was ready (${how}): ${failure.log || 'it printed nothing'}`,
    details: { folder: options.folder, name: options.name, ...failure },
  })
}

function lateError(options: Readonly<SpawnServiceOptions>, log: string): StorageError {
  return new StorageError({
    code: 'timeout',
    message: `${options.name} in ${options.folder} was not ready in time; its log is ${serviceLogPath(options.folder, options.name)}${log === '' ? '' : `: ${log}`}`,
    details: { folder: options.folder, name: options.name },
  })
}
