import { type Clock, StorageError } from '@subnetkit/core'
import { Redis } from 'ioredis'

import type { BenchmarkLocks, HeldBenchmarkLock } from '../../ports/locks.ts'
import { connectRedis, toRedisError } from '../redis/connect-redis.ts'
import { type LockCommands, RedisLock } from './redis-lock.ts'

/** How locks in Redis are kept. */
export interface RedisLocksOptions {
  readonly url: string
  /** A new text each time that nobody else has: it proves who holds a lock. */
  readonly newToken: () => string
  readonly clock: Clock
  /** A holder that is killed keeps others out for so long. @default 30000 */
  readonly ttlMs?: number
  /** First part of every key. @default subnetkit:benchmark:lock: */
  readonly keyPrefix?: string
  readonly signal: AbortSignal
}

const TTL_MS = 30_000
const PREFIX = 'subnetkit:benchmark:lock:'
const POLL_MS = 100

const RENEW = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end return 0`
const RELEASE = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0`

/**
 * Locks for any number of machines over one Redis. They are leases: a holder whose process stands still for longer than a
 * lease loses it, and is told by `lost`.
 *
 * @throws StorageError `unavailable` when Redis does not answer.
 */
export async function openRedisLocks(options: RedisLocksOptions): Promise<BenchmarkLocks> {
  const { clock, newToken, keyPrefix = PREFIX, ttlMs = TTL_MS } = options
  const monotonicMs = (): number => clock.monotonicMs()
  const redis = await connectRedis(options.url, options.signal)
  const commands = lockCommands(redis)
  const held = new Set<RedisLock>()

  const tryAcquire = async (name: string): Promise<HeldBenchmarkLock | null> => {
    const key = `${keyPrefix}${name}`
    const token = newToken()
    const claimedMs = monotonicMs()
    if (!(await commands.claim(key, token, ttlMs))) return null
    const onReleased = (released: RedisLock): void => void held.delete(released)
    const lock = new RedisLock({ commands, name, key, token, ttlMs, monotonicMs, onReleased }, claimedMs)
    held.add(lock)
    return lock
  }

  return {
    reach: 'redis',
    acquire: async ({ name, waitMs, signal }) => {
      const deadline = monotonicMs() + waitMs
      for (;;) {
        signal.throwIfAborted()
        const lock = await tryAcquire(name)
        if (lock !== null) return lock
        const left = deadline - monotonicMs()
        if (left <= 0) throw lockedError(name)
        await clock.sleep(Math.min(POLL_MS, left), signal)
      }
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...held].map(async (lock) => await lock[Symbol.asyncDispose]()))
      redis.disconnect()
    },
  }
}

function lockCommands(redis: Redis): LockCommands {
  const ask = async <Answer>(question: Promise<Answer>): Promise<Answer> =>
    await question.catch((error: unknown) => {
      throw toRedisError(error)
    })
  return {
    claim: async (key, token, ttlMs) => (await ask(redis.set(key, token, 'PX', ttlMs, 'NX'))) === 'OK',
    renew: async (key, token, ttlMs) => (await ask(redis.eval(RENEW, 1, key, token, ttlMs))) === 1,
    release: async (key, token) => void (await ask(redis.eval(RELEASE, 1, key, token))),
  }
}

function lockedError(name: string): StorageError {
  return new StorageError({
    code: 'locked',
    message: `"${name}" is held by another process; wait for it to end, or end it`,
    details: { name },
  })
}
