import { contentIdSchema, StorageError } from '@subnetkit/core'

import { sha256Of } from './conversation-content.ts'

/** Bytes that a writer and a reader both have, so that what repeats them costs almost nothing. */
export interface Dictionary {
  /** The first 32 hex digits of the bytes' SHA-256: the same content is the same dictionary. */
  readonly id: string
  readonly bytes: Uint8Array
}

/** Largest dictionary, in bytes; of a longer prompt the end is taken. */
export const MAX_DICTIONARY_BYTES = 1024 * 1024

/** A shorter prompt saves less than naming a dictionary costs. */
const MIN_PROMPT_BYTES = 64

/** Names bytes by their content. @throws StorageError `invalid_input` when there are none, or too many. */
export function createDictionary(bytes: Uint8Array): Dictionary {
  if (bytes.byteLength === 0 || bytes.byteLength > MAX_DICTIONARY_BYTES) {
    throw new StorageError({
      code: 'invalid_input',
      message: `a dictionary of ${bytes.byteLength} bytes; give 1–${MAX_DICTIONARY_BYTES}`,
    })
  }
  return { id: contentIdSchema.parse(sha256Of(bytes).slice(0, 32)), bytes }
}

/**
 * The text that all miners get for a task, as a dictionary for their conversations: written as it stands inside JSON,
 * with its escapes. Null when it is too short to help.
 */
export function promptDictionary(sharedPrompt: string): Dictionary | null {
  const bytes = Buffer.from(JSON.stringify(sharedPrompt).slice(1, -1), 'utf8')
  if (bytes.byteLength < MIN_PROMPT_BYTES) return null
  return createDictionary(bytes.subarray(Math.max(0, bytes.byteLength - MAX_DICTIONARY_BYTES)))
}

/** Joins dictionaries in their order and keeps the last `bytes` of them. Copies only what is kept, and one alone not at all. */
export function joinDictionaries(dictionaries: readonly Dictionary[], bytes: number): Uint8Array {
  const parts: Uint8Array[] = []
  let left = bytes
  for (const dictionary of dictionaries.toReversed()) {
    const part = dictionary.bytes.subarray(Math.max(0, dictionary.bytes.byteLength - left))
    left -= part.byteLength
    parts.unshift(part)
  }
  const [first] = parts
  return parts.length === 1 && first !== undefined ? first : Buffer.concat(parts)
}
