import { isStorageError, StorageError } from '@subnetkit/core'

import type { Item } from '../codecs/item.ts'

/** What an `incomplete_batch` error carries in `details.left`: enough to pick the same writes again. */
export interface LeftWrite {
  readonly table: string
  readonly key: Item
}

/** The error of writes that are not all known to be stored. Without a cause, tries ran out: then more may help. */
export function incompleteWrites(
  params: Readonly<{ left: readonly LeftWrite[]; total: number; cause: unknown }>,
): StorageError {
  const { left, total, cause } = params
  return new StorageError({
    code: 'incomplete_batch',
    message: `${left.length} of ${total} writes are not known to be stored; write those again`,
    retryable: cause === undefined || (isStorageError(cause) && cause.retryable),
    cause,
    details: { left, total },
  })
}
