import {
  actorSchema,
  type Conversation,
  type ExecutionError,
  executionErrorSchema,
  type ExecutionLog,
  type Sample,
} from '@subnetkit/core'
import { z } from 'zod'

/** The detail of a conversation that says how the sample came about. */
const DETAIL = 'attempt'

/**
 * What is known of the attempt that made a sample. It is kept with the conversation, so that whoever finishes the work
 * of a process that died after storing counts and logs exactly what that process would have.
 */
export const attemptRecordSchema = z.strictObject({
  /** The attempt's number, from 1. */
  number: z.int().min(1),
  worker: actorSchema,
  outcome: z.enum(['scored', 'miner_fault']),
  /** Null when it was scored. */
  error: executionErrorSchema.nullable(),
})
/** See {@link attemptRecordSchema}. */
export type AttemptRecord = z.infer<typeof attemptRecordSchema>

/** The conversation with the attempt noted in its details. */
export function withAttempt(conversation: Conversation, attempt: AttemptRecord): Conversation {
  return { ...conversation, details: { ...conversation.details, [DETAIL]: attempt } }
}

/** The attempt that a stored conversation notes; null for one that came another way, such as an import. */
export function attemptOf(conversation: Conversation | null): AttemptRecord | null {
  const parsed = attemptRecordSchema.safeParse(conversation?.details[DETAIL])
  return parsed.success ? parsed.data : null
}

/** The log entry of a stored sample: the same one whoever writes it and whenever. */
export function logOfSample(sample: Sample, attempt: AttemptRecord): ExecutionLog {
  const { minerHotkey, modelRevision, environment, generation, taskId, score, latencyMs, takenAt } = sample
  return {
    minerHotkey,
    modelRevision,
    environment,
    generation,
    taskId,
    attempt: attempt.number,
    worker: attempt.worker,
    outcome: attempt.outcome,
    error: attempt.error,
    score,
    durationMs: latencyMs,
    finishedAt: takenAt,
  }
}

/**
 * A failure that the store keeps: a word to count by, and at most 2,000 characters without halves of surrogate pairs,
 * which a stranger's text, or the cut, may bring.
 */
export function executionError(kind: string, message: string): ExecutionError {
  const word = /^[a-z][a-z0-9_]{0,63}$/.test(kind) ? kind : 'unknown'
  return { kind: word, message: message.slice(0, 2_000).replace(/\p{Surrogate}/gu, '\ufffd') }
}
