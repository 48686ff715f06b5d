import { type Clock, isStorageError, type Logger, type Repositories, StorageError } from '@subnetkit/core'

/** What holding a lock works with. */
export interface HoldLockDeps {
  readonly locks: Repositories['locks']
  readonly clock: Clock
  readonly log: Logger
  /** Who holds it, for people. */
  readonly worker: string
  readonly newId: () => string
}

/** A lock that is held at this moment. */
export interface HeldLease {
  /** Aborted when the lock is lost, and with the caller's own signal. */
  readonly signal: AbortSignal
  /** Throws once the lease is over, also in a process that slept through its end and has not been told yet. */
  check(): void
}

/**
 * Does something under a lock that is renewed while it goes on, and gives it back at the end; null, and nothing done,
 * when somebody else holds it.
 *
 * @throws StorageError `conflict`, `details.reason` `lease_lost`, when it was lost on the way.
 */
export async function holdLock<Result>(
  deps: HoldLockDeps,
  params: Readonly<{ name: string; leaseMs: number; signal: AbortSignal }>,
  use: (lease: HeldLease) => Promise<Result>,
): Promise<Result | null> {
  const { locks, clock, log } = deps
  const { name, leaseMs } = params
  const token = deps.newId()
  const lock = { name, token, leaseMs }
  const held = await locks.acquire(
    { ...lock, owner: deps.worker, now: clock.now() },
    { signal: params.signal },
  )
  if (held === null) return null
  let expiresAt = held.expiresAt
  const lost = new AbortController()
  const ended = new AbortController()
  const signal = AbortSignal.any([params.signal, lost.signal])
  const check = (): void => {
    if (clock.now() >= expiresAt) lost.abort(leaseLost(name))
    signal.throwIfAborted()
  }
  const keep = async (): Promise<void> => {
    const until = AbortSignal.any([signal, ended.signal])
    while (!until.aborted) {
      try {
        await clock.sleep(leaseMs / 3, until)
        expiresAt = (await locks.renew({ ...lock, now: clock.now() }, { signal: until })).expiresAt
      } catch (error) {
        if (until.aborted) return
        if (isStorageError(error, 'conflict') || clock.now() >= expiresAt) lost.abort(leaseLost(name))
        else log.warn({ err: error, lock: name }, 'a lock could not be renewed; trying again')
      }
    }
  }
  const keeping = keep()
  try {
    return await use({ signal, check })
  } finally {
    ended.abort()
    await keeping
    await locks.release({ name, token }).catch((error: unknown) => {
      log.warn({ err: error, lock: name }, 'a lock was not given back; it runs out by itself')
    })
  }
}

function leaseLost(name: string): StorageError {
  return new StorageError({
    code: 'conflict',
    message: `lock ${name} was lost while it was held; what it guards goes on with whoever has it now`,
    retryable: true,
    details: { reason: 'lease_lost', name },
  })
}
