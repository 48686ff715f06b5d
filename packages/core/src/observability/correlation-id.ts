import { AsyncLocalStorage } from 'node:async_hooks'

const storage = new AsyncLocalStorage<string>()

/**
 * Runs `action` so that every log line of it, and of all that it awaits, carries this id. The id is the caller's: a
 * request header, a job id, or a random one made at the entry point. A nested call replaces it for its own part only.
 */
export function withCorrelationId<Result>(correlationId: string, action: () => Result): Result {
  return storage.run(correlationId, action)
}

/** The id of the work in which the caller runs; null outside of {@link withCorrelationId}. */
export function currentCorrelationId(): string | null {
  return storage.getStore() ?? null
}
