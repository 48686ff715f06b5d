import { StorageError } from '@subnetkit/core'

import { NumberValue, type Item } from '../codecs/item.ts'
import type { TableSpec } from '../tables/table-spec.ts'

/**
 * Whether readers must not see an item any more. Engines remove expired items late (AWS: within days) or never, so
 * every read asks this. An item without the attribute never expires.
 *
 * @throws StorageError `bad_query` when the table has an expiry and `now` is missing: a defect of the caller.
 */
export function isExpired(item: Item, table: TableSpec, now: Date | undefined): boolean {
  if (table.expiryAttribute === null) return false
  if (now === undefined) throw nowMissing(table)
  const stored = item[table.expiryAttribute]
  const seconds = stored instanceof NumberValue ? Number(stored.value) : stored
  return typeof seconds === 'number' && seconds * 1000 <= now.getTime()
}

function nowMissing(table: TableSpec): StorageError {
  return new StorageError({
    code: 'bad_query',
    message: `items of ${table.name} expire: give \`now\` with every read`,
  })
}
