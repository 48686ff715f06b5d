import type { CallOptions } from '@subnetkit/core'

import type { Item } from '../codecs/item.ts'
import { tableName } from '../tables/table-spec.ts'
import { isExpired } from './expiry.ts'
import type { TableTarget } from './item-request.ts'

/** Which item. */
export interface GetItemParams extends TableTarget {
  /** The whole key: partition and, where the table has one, sort attribute. */
  readonly key: Item
  /** Needed when the table's items expire. */
  readonly now?: Date
}

/** Reads one item, consistently: a write that resolved before is seen. Null when absent or expired. */
export async function getItem(params: GetItemParams, options?: CallOptions): Promise<Item | null> {
  const { connection, table, key, now } = params
  const output = await connection.documents.get(
    { TableName: tableName(connection.tablePrefix, table), Key: { ...key }, ConsistentRead: true },
    options,
  )
  if (output.Item === undefined || isExpired(output.Item, table, now)) return null
  return output.Item
}
