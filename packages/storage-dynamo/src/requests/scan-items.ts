import type { CallOptions, Page, PageParams } from '@subnetkit/core'

import type { Item } from '../codecs/item.ts'
import { tableName } from '../tables/table-spec.ts'
import { checkLimit } from './check-limit.ts'
import { Placeholders } from './condition.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import { isExpired } from './expiry.ts'
import type { TableTarget } from './item-request.ts'

/** Which table. */
export interface ScanItemsParams extends TableTarget {
  /** What comes back of each item; the rest is read, but not sent. @default everything */
  readonly attributes?: readonly string[]
  /** Needed when the table's items expire. */
  readonly now?: Date
}

/**
 * One page of a whole table, consistently, each item once, in no order that means anything. A scan reads and costs
 * everything that there is: for tables that grow with miners, never for those that grow with tasks or time.
 *
 * @throws StorageError `invalid_input` for a limit outside 1–10,000 and for a cursor of another list.
 */
export async function scanItems(
  params: ScanItemsParams & PageParams,
  options?: CallOptions,
): Promise<Page<Item>> {
  const { connection, table, limit, now, attributes } = params
  const name = tableName(connection.tablePrefix, table)
  checkLimit(limit, name)
  const scope = `scan\n${table.name}`
  const cursor = params.cursor ?? null
  const placeholders = new Placeholders()
  const projection = attributes?.map((attribute) => placeholders.name(attribute)).join(', ')
  const output = await connection.documents.scan(
    {
      TableName: name,
      Limit: limit,
      ConsistentRead: true,
      ...(projection === undefined ? {} : { ProjectionExpression: projection }),
      ...placeholders.fields(),
      ...(cursor === null ? {} : { ExclusiveStartKey: decodeCursor(scope, cursor) }),
    },
    options,
  )
  return {
    items: (output.Items ?? []).filter((item) => !isExpired(item, table, now)),
    nextCursor: output.LastEvaluatedKey === undefined ? null : encodeCursor(scope, output.LastEvaluatedKey),
  }
}
