import { isStorageError, StorageError } from '../errors/storage-error.ts'
import type { CallOptions } from '../repositories/call-options.ts'
import { mayFallBack } from './error-classes.ts'
import type { FallbackOutcome, FallbackStore } from './fallback-metrics.ts'
import type { FallbackParts } from './fallback-parts.ts'
import { withinDeadline } from './within-deadline.ts'

/** One question: how metrics name it, and how it is put to a registry. */
export interface Question<Asked, Result> {
  /** Such as `agents.find`. */
  readonly operation: string
  readonly ask: (registry: Asked, options: CallOptions) => Promise<Result>
}

/**
 * Asks the store that decides, and the copy only when that one did not get to answer, see `mayFallBack`. What it answers
 * stands: null, a refusal, a defect. A caller that gives up is told its own reason, by neither store.
 *
 * @throws StorageError the primary's; when the copy failed too, with the copy's failure as its cause.
 */
export async function readWithFallback<Asked, Result>(
  parts: FallbackParts<Asked, Asked>,
  question: Question<Asked, Result>,
  options: CallOptions | undefined,
): Promise<Result> {
  const { primary, breakers, isFallbackAllowed, metrics, log } = parts
  const { operation, ask } = question
  options?.signal?.throwIfAborted()
  const ended = breakers.primary.admit()
  if (ended === null) {
    metrics.called(operation, 'primary', 'skipped')
    return await readFromCopy(notAsked(operation))
  }
  try {
    const result = await timed(parts, operation, options, (signal) => ask(primary, { signal }))
    ended('answered')
    metrics.called(operation, 'primary', 'ok')
    return result
  } catch (error) {
    const outcome = outcomeOf(error, options)
    ended(outcome === 'aborted' ? 'abandoned' : outcome === 'failed' ? 'failed' : 'answered')
    metrics.called(operation, 'primary', outcome)
    if (outcome !== 'failed') throw error
    return await readFromCopy(error)
  }

  async function readFromCopy(failure: unknown): Promise<Result> {
    if (!isFallbackAllowed()) throw failure
    try {
      const result = await readCopy(parts, question, options)
      metrics.fellBack(operation)
      log.debug({ operation, store: 'fallback' }, 'answered by the copy')
      return result
    } catch (error) {
      if (options?.signal?.aborted === true) throw error
      throw bothFailed(failure, error)
    }
  }
}

/** Asks the copy alone, for what the store that decides cannot tell. */
export async function readCopy<Primary, Copy, Result>(
  parts: FallbackParts<Primary, Copy>,
  { operation, ask }: Question<Copy, Result>,
  options: CallOptions | undefined,
): Promise<Result> {
  const { fallback, metrics } = parts
  const called = (store: FallbackStore, outcome: FallbackOutcome): void =>
    metrics.called(operation, store, outcome)
  try {
    const result = await timed(parts, operation, options, async (signal) =>
      fallback.read(async (copy) => ask(copy, { signal })),
    )
    called('fallback', 'ok')
    return result
  } catch (error) {
    called('fallback', outcomeOf(error, options))
    throw error
  }
}

/** What a failure says of the store: the caller gave up, it did not answer, or it did. */
export function outcomeOf(
  error: unknown,
  options: CallOptions | undefined,
): Extract<FallbackOutcome, 'aborted' | 'failed' | 'refused'> {
  if (options?.signal?.aborted === true) return 'aborted'
  return mayFallBack(error) ? 'failed' : 'refused'
}

function timed<Result>(
  { clock, settings }: Pick<FallbackParts<unknown, unknown>, 'clock' | 'settings'>,
  name: string,
  options: CallOptions | undefined,
  call: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const timeLimitMs = settings.readLimitMs
  return withinDeadline({ name, clock, timeLimitMs, signal: options?.signal }, call)
}

function notAsked(operation: string): StorageError {
  return new StorageError({
    code: 'unavailable',
    message: `${operation}: the store that decides has not answered for a while and is not asked; try again in some seconds`,
    details: { operation },
  })
}

function bothFailed(failure: unknown, cause: unknown): unknown {
  if (!isStorageError(failure)) return failure
  const { code, message, retryable, details } = failure
  const said = cause instanceof Error ? cause.message : String(cause)
  return new StorageError({
    code,
    message: `${message}; nor does the copy: ${said}`,
    retryable,
    details,
    cause,
  })
}
