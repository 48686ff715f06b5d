import type { CallOptions, Page, PageParams } from '@subnetkit/core'

import type { Item } from '../codecs/item.ts'
import { keyNames, tableName, type IndexSpec } from '../tables/table-spec.ts'
import { checkLimit } from './check-limit.ts'
import { compileCondition, Placeholders, beginsWith, compare, type Condition } from './condition.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import { isExpired } from './expiry.ts'
import type { TableTarget } from './item-request.ts'

/** Which part of a partition: all of it when absent. Bounds are included. */
export type SortRange =
  | { readonly prefix: string }
  | { readonly from: unknown; readonly to: unknown }
  | { readonly equals: unknown }

/** Which items, in which order. */
export interface QueryItemsParams extends TableTarget {
  /** Value of the partition key, of the index when one is given. */
  readonly partition: unknown
  readonly range?: SortRange
  /** By the sort key; `descending` gives the newest first when keys grow with time. @default 'ascending' */
  readonly order?: 'ascending' | 'descending'
  /** Reads the index instead of the table: eventual, it may lag behind writes by a moment. */
  readonly index?: IndexSpec
  /** What comes back of each item, keys included; the rest is read, but not sent. @default everything */
  readonly attributes?: readonly string[]
  /** Needed when the table's items expire. */
  readonly now?: Date
}

/**
 * One page of a partition. Consistent on the table, eventual on an index. Ask on while there is a cursor: DynamoDB may
 * give short and empty pages in the middle, and expired items are left out of them.
 *
 * @throws StorageError `invalid_input` for a limit outside 1–10,000 and for a cursor of another query.
 */
export async function queryItems(
  params: QueryItemsParams & PageParams,
  options?: CallOptions,
): Promise<Page<Item>> {
  const { connection, table, limit, now } = params
  checkLimit(limit, tableName(connection.tablePrefix, table))
  const scope = scopeOf(params)
  const cursor = params.cursor ?? null
  const output = await connection.documents.query(
    {
      ...queryInput(params),
      Limit: limit,
      ...(cursor === null ? {} : { ExclusiveStartKey: decodeCursor(scope, cursor) }),
    },
    options,
  )
  return {
    items: (output.Items ?? []).filter((item) => !isExpired(item, table, now)),
    nextCursor: output.LastEvaluatedKey === undefined ? null : encodeCursor(scope, output.LastEvaluatedKey),
  }
}

/** All items of a query, page by page as they are consumed; `pageSize` is how many one request reads, 1–10,000. */
export async function* streamItems(
  params: QueryItemsParams & { readonly pageSize: number },
  options?: CallOptions,
): AsyncGenerator<Item, void, undefined> {
  const { pageSize, ...query } = params
  let cursor: string | null = null
  do {
    const page: Page<Item> = await queryItems({ ...query, limit: pageSize, cursor }, options)
    yield* page.items
    cursor = page.nextCursor
  } while (cursor !== null)
}

/** The cursor that reads on after one item of a query, for a caller that keeps only part of a page. */
export function cursorAfter(params: QueryItemsParams, item: Item): string {
  const names = new Set([
    ...keyNames(params.table),
    ...(params.index === undefined ? [] : keyNames(params.index)),
  ])
  return encodeCursor(scopeOf(params), Object.fromEntries([...names].map((name) => [name, item[name]])))
}

function queryInput(params: QueryItemsParams): {
  TableName: string
  KeyConditionExpression: string
  ScanIndexForward: boolean
  ConsistentRead: boolean
  IndexName?: string
  ProjectionExpression?: string
} {
  const { connection, table, index, partition, range, attributes } = params
  const keys = index ?? table
  const placeholders = new Placeholders()
  const conditions: (Condition | Between)[] = [compare(keys.partitionKey.name, '=', partition)]
  if (range !== undefined && keys.sortKey !== null)
    conditions.push(...rangeConditions(keys.sortKey.name, range))
  const expression = conditions.map((condition) => compileKey(condition, placeholders)).join(' AND ')
  const projection = attributes?.map((attribute) => placeholders.name(attribute)).join(', ')
  return {
    TableName: tableName(connection.tablePrefix, table),
    ...(index === undefined ? {} : { IndexName: index.name }),
    KeyConditionExpression: expression,
    ...(projection === undefined ? {} : { ProjectionExpression: projection }),
    ...placeholders.fields(),
    ScanIndexForward: params.order !== 'descending',
    ConsistentRead: index === undefined,
  }
}

function compileKey(condition: Condition | Between, placeholders: Placeholders): string {
  if (condition.kind !== 'between') return compileCondition(condition, placeholders)
  const { attribute, from, to } = condition
  return `${placeholders.name(attribute)} BETWEEN ${placeholders.value(from)} AND ${placeholders.value(to)}`
}

interface Between {
  readonly kind: 'between'
  readonly attribute: string
  readonly from: unknown
  readonly to: unknown
}

function rangeConditions(attribute: string, range: SortRange): (Condition | Between)[] {
  if ('prefix' in range) return range.prefix === '' ? [] : [beginsWith(attribute, range.prefix)]
  if ('equals' in range) return [compare(attribute, '=', range.equals)]
  return [{ kind: 'between', attribute, from: range.from, to: range.to }]
}

function scopeOf(params: QueryItemsParams): string {
  const { table, index, partition, range, order } = params
  const shown = range === undefined ? [] : Object.values(range).map(String)
  return [table.name, index?.name ?? '', String(partition), order ?? 'ascending', ...shown].join('\n')
}
