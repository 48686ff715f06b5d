import { createHash } from 'node:crypto'

import type { Conversation, Sample } from '@subnetkit/core'

import { attemptOf } from '../sampling/attempt-record.ts'
import type { Submission } from './submission.ts'

/** SHA-256 of a text's UTF-8 bytes in lower-case hex. */
export function sha256Of(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}

/**
 * Whether a stored sample is what this submission says: by the same executor, with the same outcome, answer and
 * latency. Signatures differ each time they are made, so they are not compared.
 */
export function hasSameContent(
  submission: Submission,
  stored: Sample,
  conversation: Conversation | null,
): boolean {
  const attempt = attemptOf(conversation)
  if (attempt === null || conversation === null) return false
  if (attempt.worker !== submission.hotkey || stored.latencyMs !== submission.latencyMs) return false
  const { outcome } = submission
  if (outcome.kind === 'miner_fault') {
    return attempt.outcome === 'miner_fault' && attempt.error?.kind === outcome.reason
  }
  return attempt.outcome === 'scored' && conversation.messages.at(-1)?.content === outcome.answer
}
