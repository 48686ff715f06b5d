import { MAX_PAGE_LIMIT, showValue, StorageError } from '@subnetkit/core'

/**
 * Refuses a page size outside 1–10,000.
 *
 * @param name what is listed, for the message.
 * @throws StorageError `invalid_input`.
 */
export function checkLimit(limit: number, name: string): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_PAGE_LIMIT) return
  throw new StorageError({
    code: 'invalid_input',
    message: `${name}: limit ${showValue(limit)} is not within 1–${MAX_PAGE_LIMIT}`,
    details: { field: 'limit' },
  })
}
