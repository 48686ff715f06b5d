import { isStorageError, type StorageErrorCode } from '../errors/storage-error.ts'

/**
 * The failures of a store that say nothing about the question: it did not get to answer. Everything else is an answer
 * (not found, conflict, invalid input) or a defect that another store must not hide (a wrong statement, a broken row, bad
 * credentials). A capability that a store lacks is no failure at all: it is declared, and the call never gets there.
 */
const silent: ReadonlySet<StorageErrorCode> = new Set(['unavailable', 'timeout', 'throttled'])

/** Whether a read that failed so may be answered by another store. */
export function mayFallBack(error: unknown): boolean {
  return isStorageError(error) && silent.has(error.code)
}

const uncertain: ReadonlySet<StorageErrorCode> = new Set([...silent, 'incomplete_batch', 'unknown'])

/**
 * Whether a write that failed so is over: the store answered, so nothing of it is under way any more. After any other
 * failure it may still land.
 */
export function isAnswered(error: unknown): boolean {
  return isStorageError(error) && !uncertain.has(error.code)
}
