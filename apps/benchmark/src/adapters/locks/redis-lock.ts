import { StorageError } from '@subnetkit/core'

import type { HeldBenchmarkLock } from '../../ports/locks.ts'

/** The three things that a lock asks of Redis, each done there in one step. */
export interface LockCommands {
  /** Sets the key to the token for `ttlMs` unless it is set; true when it did. */
  claim(key: string, token: string, ttlMs: number): Promise<boolean>
  /** Lets the key live `ttlMs` more if it still holds the token; false when it does not. */
  renew(key: string, token: string, ttlMs: number): Promise<boolean>
  /** Removes the key if it still holds the token. */
  release(key: string, token: string): Promise<void>
}

/** A lock that was claimed, and how it is kept. */
export interface RedisLockParams {
  readonly commands: LockCommands
  readonly name: string
  readonly key: string
  readonly token: string
  readonly ttlMs: number
  readonly monotonicMs: () => number
  readonly onReleased: (lock: RedisLock) => void
}

/** In the time that a key lives. */
const RENEWALS = 4
/** Share of its time after which a key that was not renewed counts as lost: two renewals failed, and Redis still has it. */
const LOST_AFTER = 0.7

/**
 * A key in Redis that lives as long as it is renewed, at every quarter of its time. It counts as lost once another token is
 * in its place, or when it could not be renewed for as long as it lives: then somebody else may have it. `lost` aborts
 * before its time is over, so that what holds it stops first.
 */
export class RedisLock implements HeldBenchmarkLock {
  readonly #params: RedisLockParams
  readonly #lost = new AbortController()
  readonly #timer: NodeJS.Timeout
  #renewedMs: number
  #isReleased = false

  constructor(params: RedisLockParams, claimedMs: number) {
    this.#params = params
    this.#renewedMs = claimedMs
    this.#timer = setInterval(() => void this.#renew(), Math.max(1, Math.floor(params.ttlMs / RENEWALS)))
  }

  get name(): string {
    return this.#params.name
  }

  get lost(): AbortSignal {
    return this.#lost.signal
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isReleased) return
    this.#isReleased = true
    clearInterval(this.#timer)
    const { commands, key, onReleased, token } = this.#params
    onReleased(this)
    // A release that fails is one that Redis makes when the key's time is over.
    await commands.release(key, token).catch(() => undefined)
  }

  async #renew(): Promise<void> {
    const { commands, key, monotonicMs, token, ttlMs } = this.#params
    const askedMs = monotonicMs()
    if (askedMs - this.#renewedMs > ttlMs * LOST_AFTER) return this.#lose('could not be renewed in time')
    try {
      if (await commands.renew(key, token, ttlMs)) this.#renewedMs = askedMs
      else this.#lose('was taken over or forgotten by Redis')
    } catch {
      // The next quarter tries again; in the last one it is lost, by the clock.
    }
  }

  #lose(problem: string): void {
    if (this.#isReleased || this.#lost.signal.aborted) return
    clearInterval(this.#timer)
    this.#lost.abort(
      new StorageError({
        code: 'locked',
        retryable: true,
        message: `the lock "${this.#params.name}" ${problem}: what it protects may be changed by another process`,
        details: { name: this.#params.name },
      }),
    )
  }
}
