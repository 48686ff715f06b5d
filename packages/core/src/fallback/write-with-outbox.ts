import { StorageError } from '../errors/storage-error.ts'
import { outboxSubjectSchema, type OutboxEntry, type OutboxSubject } from '../models/outbox-entry.ts'
import type { CallOptions } from '../repositories/call-options.ts'
import { isAnswered } from './error-classes.ts'
import type { FallbackParts } from './fallback-parts.ts'
import { outcomeOf, type Question } from './read-with-fallback.ts'
import { withinDeadline } from './within-deadline.ts'

/** One change, and whatever it may have changed. */
export interface Change<Asked, Result> extends Question<Asked, Result> {
  readonly subject: OutboxSubject
}

/**
 * Writes to the store that decides, and to no other: (1) the outbox takes a pending entry; (2) the write; (3) the entry is
 * settled, once the write was answered. A crash before (2) leaves an entry of which a replay finds nothing new; one after
 * it leaves a pending entry that is replayed once its grace is over. When (3) fails the write still stands, and so does
 * the caller's answer.
 *
 * @throws StorageError `unavailable` when the outbox or the store did not answer; `details.applied` says whether anything
 *   was written: `no`, or `unknown`, when repeating the same call is the way to find out. Refusals go up unchanged.
 */
export async function writeWithOutbox<Asked, Result>(
  parts: Omit<FallbackParts<Asked, unknown>, 'fallback' | 'isFallbackAllowed'>,
  change: Change<Asked, Result>,
  options: CallOptions | undefined,
): Promise<Result> {
  const { primary, breakers, clock, metrics, settings } = parts
  const { operation, ask } = change
  options?.signal?.throwIfAborted()
  const ended = breakers.primary.admit()
  if (ended === null) {
    metrics.called(operation, 'primary', 'skipped')
    throw notBegun(operation, 'the store has not answered for a while and is not asked')
  }
  const beganMs = clock.monotonicMs()
  let entry: OutboxEntry
  try {
    entry = await announce(parts, change, options)
    // Whoever was held up for so long could write after its entry was replayed and removed.
    if (clock.monotonicMs() - beganMs > 2 * settings.writeLimitMs) throw notBegun(operation, 'it was held up')
  } catch (error) {
    ended('abandoned')
    throw error
  }
  let outcome: 'ok' | ReturnType<typeof outcomeOf> = 'ok'
  let isOver = true
  try {
    return await withinDeadline(limitsOf(parts, operation, options), (signal) => ask(primary, { signal }))
  } catch (error) {
    outcome = outcomeOf(error, options)
    isOver = isAnswered(error)
    if (outcome === 'failed') throw maybeApplied(operation, error)
    throw error
  } finally {
    ended(outcome === 'aborted' ? 'abandoned' : outcome === 'failed' ? 'failed' : 'answered')
    metrics.called(operation, 'primary', outcome)
    // What may still land stays pending: a settled entry could be replayed before it does.
    if (isOver && outcome !== 'aborted') await settle(parts, operation, entry)
  }
}

type OutboxParts = Pick<
  FallbackParts<unknown, unknown>,
  'breakers' | 'clock' | 'metrics' | 'newId' | 'outbox' | 'settings'
>

async function announce(
  parts: OutboxParts,
  { operation, subject }: Change<never, unknown>,
  options: CallOptions | undefined,
): Promise<OutboxEntry> {
  const { breakers, clock, metrics, newId, outbox } = parts
  checkSubject(operation, subject)
  const ended = breakers.outbox.admit()
  if (ended === null) {
    metrics.called(operation, 'outbox', 'skipped')
    throw notBegun(operation, 'the outbox has not answered for a while and is not asked')
  }
  const entry: OutboxEntry = { entryId: newId(), subject, state: 'pending', putAt: clock.now() }
  try {
    await withinDeadline(limitsOf(parts, operation, options), (signal) => outbox.put({ entry }, { signal }))
    ended('answered')
    metrics.called(operation, 'outbox', 'ok')
    return entry
  } catch (error) {
    const outcome = outcomeOf(error, options)
    ended(outcome === 'aborted' ? 'abandoned' : outcome === 'failed' ? 'failed' : 'answered')
    metrics.called(operation, 'outbox', outcome)
    if (outcome === 'failed') throw notBegun(operation, 'the outbox did not take it', error)
    throw error
  }
}

/** Not the caller's signal: the write has been made, and the copy should learn of it soon. */
async function settle(parts: OutboxParts, operation: string, pending: OutboxEntry): Promise<void> {
  const { metrics, outbox } = parts
  const entry = { ...pending, state: 'settled' } as const
  try {
    await withinDeadline(limitsOf(parts, operation, undefined), (signal) => outbox.put({ entry }, { signal }))
    metrics.called(operation, 'outbox', 'ok')
  } catch (error) {
    metrics.called(operation, 'outbox', outcomeOf(error, undefined))
  }
}

function limitsOf(
  { clock, settings }: Pick<OutboxParts, 'clock' | 'settings'>,
  name: string,
  options: CallOptions | undefined,
): Parameters<typeof withinDeadline>[0] {
  return { name, clock, timeLimitMs: settings.writeLimitMs, signal: options?.signal }
}

/** Ids that no subject can have belong to no write either: refused here, so that no entry is left of them. */
function checkSubject(operation: string, subject: OutboxSubject): void {
  const parsed = outboxSubjectSchema.safeParse(subject)
  if (parsed.success) return
  const [issue] = parsed.error.issues
  const field = issue?.path.join('.') ?? 'subject'
  throw new StorageError({
    code: 'invalid_input',
    message: `${operation}: ${field}: ${issue?.message ?? 'does not fit'}`,
    details: { field },
    cause: parsed.error,
  })
}

function notBegun(operation: string, why: string, cause?: unknown): StorageError {
  return new StorageError({
    code: 'unavailable',
    message: `${operation}: nothing was written, since ${why}; repeat the call later`,
    details: { operation, applied: 'no' },
    ...(cause === undefined ? {} : { cause }),
  })
}

function maybeApplied(operation: string, cause: unknown): StorageError {
  return new StorageError({
    code: 'unavailable',
    message: `${operation}: the store did not answer; it may have been written: repeating the same call is safe and tells`,
    details: { operation, applied: 'unknown' },
    cause,
  })
}
