import { createHash } from 'node:crypto'

import { canonicalJson, conversationSchema, StorageError, type Conversation } from '@subnetkit/core'

/** Largest conversation by default, in bytes of canonical JSON. */
export const MAX_CONVERSATION_BYTES = 64 * 1024 * 1024

/** A conversation as the bytes that are hashed and stored: its canonical JSON in UTF-8. */
export interface ConversationContent {
  readonly bytes: Uint8Array
  /** Of `bytes`, lower-case hex. */
  readonly sha256: string
}

/**
 * Writes a conversation down in its one form. Equal conversations give equal bytes, so the hash can serve as identity.
 * Halves of surrogate pairs survive as JSON escapes; −0 becomes 0.
 *
 * @param maxBytes refuses more than this.
 * @throws StorageError `invalid_input` when it does not fit the model, is nested too deep, or is too large.
 */
export function toConversationContent(
  conversation: Conversation,
  maxBytes: number = MAX_CONVERSATION_BYTES,
): ConversationContent {
  const text = canonicalJson(conversation)
  checkModel(conversation)
  const bytes = Buffer.from(text, 'utf8')
  if (bytes.byteLength > maxBytes) throw tooLarge(bytes.byteLength, maxBytes)
  return { bytes, sha256: sha256Of(bytes) }
}

/** Reads what {@link toConversationContent} wrote. @throws StorageError `corrupt_row` when it is no conversation. */
export function fromConversationContent(bytes: Uint8Array): Conversation {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  return readConversation(parseJson(text))
}

/** Narrows what was read to a conversation. @throws StorageError `corrupt_row` when it is none. */
export function readConversation(value: unknown): Conversation {
  if (isConversation(value)) return value
  throw corruptConversation('is JSON, but not of a conversation')
}

/** SHA-256 in lower-case hex. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** What a reader throws for a payload that cannot be what was stored; `problem` ends a sentence. */
export function corruptConversation(problem: string, cause?: unknown): StorageError {
  return new StorageError({
    code: 'corrupt_row',
    message: `conversation payload ${problem}`,
    ...(cause === undefined ? {} : { cause }),
  })
}

/** What a writer throws for more than the limit. */
function tooLarge(bytes: number, maxBytes: number): StorageError {
  return new StorageError({
    code: 'invalid_input',
    message: `conversation: ${bytes} bytes exceed the limit of ${maxBytes}; shorten it, or raise maxConversationBytes`,
    details: { bytes, maxBytes },
  })
}

/** The value itself, not zod's copy of it: a copy would lose a member named `__proto__`. */
function isConversation(value: unknown): value is Conversation {
  return conversationSchema.safeParse(value).success
}

function checkModel(value: unknown): void {
  const parsed = conversationSchema.safeParse(value)
  if (parsed.success) return
  const issue = parsed.error.issues[0]
  const path = ['conversation', ...(issue?.path ?? [])].join('.')
  throw new StorageError({
    code: 'invalid_input',
    message: `${path}: ${issue?.message ?? 'does not fit'}`,
    cause: parsed.error,
    details: { path },
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw corruptConversation('is not JSON', error)
  }
}
