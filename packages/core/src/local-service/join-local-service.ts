import { setTimeout as sleep } from 'node:timers/promises'

import type { z } from 'zod'

import { StorageError } from '../errors/storage-error.ts'
import { readLockHolder, tryFolderLock } from './folder-lock.ts'
import { takeLease, type Lease } from './lease.ts'
import { readReadyFile } from './ready-file.ts'
import { serviceLogPath, spawnService, type ServiceFailure } from './spawn-service.ts'

/** Which service, and how it is started when it does not run yet. */
export interface JoinLocalServiceOptions<Info> {
  /** Names the service's files in the folder: `<name>.lock`, `<name>.ready.json`, `<name>.log`. */
  readonly name: string
  /** The folder that the service owns; one service per folder and name. Created with mode 0700. */
  readonly folder: string
  /** Arguments of Node for the service process: the script, which calls `runLocalService`, and its own arguments. */
  readonly command: readonly string[]
  /** What the service tells its users; a ready file that does not fit counts as stale. */
  readonly info: z.ZodType<Info>
  /** Milliseconds until the service must be joined. @default 30000 */
  readonly readyTimeoutMs?: number | undefined
  /** Milliseconds that the service stays after its last user; the starter's value holds. @default 2000 */
  readonly lingerMs?: number | undefined
  /** Milliseconds that a started service waits for its first user. @default 10000 */
  readonly graceMs?: number | undefined
  /** Ends the waiting; its reason is thrown as it is. A service that is being started goes on for others. */
  readonly signal?: AbortSignal | undefined
  /** The whole environment of a started service. @default the caller's own */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** Turns a failed start into an error that names the way out; `undefined` leaves the general one. */
  readonly explainFailure?: ((failure: ServiceFailure) => Error | undefined) | undefined
}

/** A lease on a running service. It does not keep the process alive, and ends with it, also by kill -9. */
export interface LocalService<Info> extends AsyncDisposable {
  readonly info: Info
  readonly pid: number
  /** Aborts when the service ended while the lease was held. Join again then: the data is still there. */
  readonly lost: AbortSignal
  /** Gives the lease back; the service ends `lingerMs` after its last one. */
  close(): Promise<void>
}

const DEFAULTS = { readyTimeoutMs: 30_000, lingerMs: 2_000, graceMs: 10_000 } as const
const POLL_MS = 40

/**
 * Joins the one service of a folder and starts it when nobody has. The service runs in a process of its own that
 * belongs to no one: any number of processes share it, and it ends after its last user, whoever started it.
 * Leases are loopback TCP sockets, since data folders can be deeper than a unix socket's path may be; a random token
 * in the ready file (mode 0600) keeps other users of the machine out.
 * Throws `StorageError`: `locked` when something that does not answer holds the folder, `timeout` or `unavailable`
 * when the service does not start, each with the last lines of its log.
 */
export async function joinLocalService<Info>(
  options: Readonly<JoinLocalServiceOptions<Info>>,
): Promise<LocalService<Info>> {
  const { name, folder, signal } = options
  const deadline = performance.now() + (options.readyTimeoutMs ?? DEFAULTS.readyTimeoutMs)
  for (;;) {
    signal?.throwIfAborted()
    const joined = await tryJoin(options)
    if (joined !== undefined) return joined
    // Whoever has the lock knows that no service runs or starts here: the lock lives as long as the service does.
    const lock = await tryFolderLock({ folder, name })
    if (lock !== undefined) {
      await startUnder(lock, options, deadline)
      continue
    }
    if (performance.now() > deadline) throw await silentError(folder, name)
    await sleep(POLL_MS)
  }
}

async function startUnder<Info>(
  lock: NonNullable<Awaited<ReturnType<typeof tryFolderLock>>>,
  options: Readonly<JoinLocalServiceOptions<Info>>,
  deadline: number,
): Promise<void> {
  const { name, folder, command, signal, env, explainFailure } = options
  try {
    await spawnService({
      name,
      folder,
      command,
      lock,
      lingerMs: options.lingerMs ?? DEFAULTS.lingerMs,
      graceMs: options.graceMs ?? DEFAULTS.graceMs,
      deadline,
      signal,
      env,
      explainFailure,
    })
  } finally {
    await lock.close()
  }
}

async function tryJoin<Info>(
  options: Readonly<JoinLocalServiceOptions<Info>>,
): Promise<LocalService<Info> | undefined> {
  const ready = await readReadyFile(options.folder, options.name)
  if (ready === undefined) return undefined
  const info = options.info.safeParse(ready.info)
  if (!info.success) return undefined
  const lease = await takeLease(ready)
  if (lease === undefined) return undefined
  return toService(lease, info.data, ready.pid, options)
}

function toService<Info>(
  lease: Lease,
  info: Info,
  pid: number,
  { name, folder }: Readonly<JoinLocalServiceOptions<Info>>,
): LocalService<Info> {
  const lost = new AbortController()
  let closed = false
  void lease.ended.then(() => {
    if (closed) return
    lost.abort(
      new StorageError({
        code: 'unavailable',
        message: `${name} in ${folder} (process ${pid}) ended while it was in use; start again, the data is kept`,
        details: { folder, name, pid, log: serviceLogPath(folder, name) },
      }),
    )
  })
  const close = async (): Promise<void> => {
    closed = true
    await lease.close()
  }
  return { info, pid, lost: lost.signal, close, [Symbol.asyncDispose]: close }
}

async function silentError(folder: string, name: string): Promise<StorageError> {
  const pid = await readLockHolder(folder, name)
  const holder = pid === undefined ? 'another process' : `process ${pid}`
  return new StorageError({
    code: 'locked',
    message: `${folder}: ${name} is held by ${holder}, which does not answer; end that process, or use another data folder (--data-dir)`,
    details: { folder, name, pid: pid ?? null },
  })
}
