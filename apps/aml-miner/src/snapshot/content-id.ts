import { createHash } from 'node:crypto'

/**
 * An id derived from content: the first 32 hex digits of the SHA-256 of the parts as one JSON array. The same parts in
 * the same order give the same id on every machine.
 */
export function contentId(parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}
