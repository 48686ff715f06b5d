import { InputError, isStorageError, StorageError } from '@subnetkit/core'
import { Redis } from 'ioredis'

const CONNECT_MS = 5_000
const LONGEST_PAUSE_MS = 2_000

/** What the drivers of Redis need to know of a URL: never with the password in a log. */
export function checkRedisUrl(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (parsed !== null && /^rediss?:$/.test(parsed.protocol) && parsed.hostname !== '') return parsed
  // The value is not shown: it may carry a password.
  throw new InputError({
    field: 'REDIS_URL',
    problem: 'is not the URL of a Redis server',
    hint: 'give redis://host:6379 or rediss://host:6379',
  })
}

/**
 * Connects and asks for a sign of life. Later breaks are mended by the driver; commands fail at once while there is no
 * connection.
 *
 * @throws StorageError `unavailable` or `unauthenticated`; InputError for a URL that is none.
 */
export async function connectRedis(url: string, signal: AbortSignal): Promise<Redis> {
  const { hostname, port } = checkRedisUrl(url)
  signal.throwIfAborted()
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    commandTimeout: CONNECT_MS,
    maxRetriesPerRequest: 1,
    retryStrategy: (times) => Math.min(times * 100, LONGEST_PAUSE_MS),
  })
  let lastError: unknown = null
  redis.on('error', (error: unknown) => {
    // Failures come back with the commands; an event nobody listens to would end the process.
    lastError = error
  })
  try {
    await redis.connect()
    await redis.ping()
    return redis
  } catch (error) {
    redis.disconnect()
    const cause = lastError ?? error
    throw toRedisError(cause, `${hostname}:${port === '' ? '6379' : port}`)
  }
}

/** Translates a failure of the driver. */
export function toRedisError(error: unknown, host = 'the server of REDIS_URL'): StorageError {
  if (isStorageError(error)) return error
  const problem = error instanceof Error ? error.message : String(error)
  const isRefused = /NOAUTH|WRONGPASS|invalid password|NOPERM/.test(problem)
  return new StorageError({
    code: isRefused ? 'unauthenticated' : 'unavailable',
    message: `Redis at ${host} ${isRefused ? 'refuses the password' : 'does not answer'} (${problem}); correct REDIS_URL or start it`,
    cause: error,
  })
}
