import { MAX_PAGE_LIMIT, StorageError, type Page } from '@subnetkit/core'

import type { RowCodec } from '../codecs/row-codec.ts'
import type { ClickHouseConnection } from '../connection.ts'
import { quoteIdentifier } from '../quote-identifier.ts'
import type { QueryParams } from '../query-params.ts'
import { codeUnitOrder } from './code-unit-order.ts'
import { decodeCursor, encodeCursor, type CursorValue } from './cursor.ts'
import { readAll } from './read-rows.ts'

/** One column of the order of a page. The columns together must be unique among the rows that match. */
export interface PageKey<Row> {
  /** The model's field. */
  readonly field: keyof Row & string
  /** The column's name in ClickHouse, unquoted. */
  readonly column: string
  /** Its type, without Nullable: the cursor's value travels as a parameter of it. */
  readonly type: string
  /** @default 'asc' */
  readonly direction?: 'asc' | 'desc'
  /** Compares text by UTF-16 code units, as JavaScript does; see {@link codeUnitOrder}. @default bytes of UTF-8 */
  readonly byCodeUnit?: true
}

/** A page of a table's rows. */
export interface ReadPageParams<Row> {
  /** What stands after WHERE; absent for all rows. */
  readonly where?: string
  readonly params?: QueryParams
  readonly orderBy: readonly PageKey<Row>[]
  /** 1–10,000. */
  readonly limit: number
  readonly cursor?: string | null
  readonly signal?: AbortSignal
}

/**
 * One page, by key and not by offset: rows that come or go in between neither repeat nor hide others. The cursor
 * belongs to the same `orderBy`; a foreign one is refused with StorageError `invalid_input`.
 */
export async function readPage<Row extends object>(
  connection: ClickHouseConnection,
  codec: RowCodec<Row>,
  { where, params, orderBy, limit, cursor, signal }: ReadPageParams<Row>,
): Promise<Page<Row>> {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE_LIMIT) {
    throw new StorageError({
      code: 'invalid_input',
      message: `limit ${limit} is not an integer between 1 and ${MAX_PAGE_LIMIT}`,
      details: { limit },
    })
  }
  const after = cursor === undefined || cursor === null ? null : decodeCursor(cursor, orderBy.length)
  const conditions = [where, after === null ? undefined : keysetCondition(orderBy)].filter(
    (condition) => condition !== undefined,
  )
  const rows = await readAll(connection, codec, {
    sql: `SELECT {columns} FROM {table}${conditions.length === 0 ? '' : ` WHERE (${conditions.join(') AND (')})`}
ORDER BY ${orderByKeys(orderBy)} LIMIT {pageLimit:UInt32}`,
    params: { ...params, ...cursorParams(after), pageLimit: limit + 1 },
    ...(signal === undefined ? {} : { signal }),
  })
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  if (last === undefined || rows.length <= limit) return { items, nextCursor: null }
  return { items, nextCursor: encodeCursor(orderBy.map(({ field }) => last[field])) }
}

/** What stands after ORDER BY. */
export function orderByKeys<Row>(orderBy: readonly PageKey<Row>[]): string {
  return orderBy
    .map(
      (key) => `${comparable(key, quoteIdentifier(key.column))} ${key.direction === 'desc' ? 'DESC' : 'ASC'}`,
    )
    .join(', ')
}

function comparable<Row>({ byCodeUnit }: PageKey<Row>, expression: string): string {
  return byCodeUnit === true ? codeUnitOrder(expression) : expression
}

/** Rows after the cursor: (a > A) or (a = A and b > B) or …, with < where a key descends. */
function keysetCondition<Row>(orderBy: readonly PageKey<Row>[]): string {
  const branches = orderBy.map((_key, depth) =>
    orderBy
      .slice(0, depth + 1)
      .map((key, index) => {
        const name = quoteIdentifier(key.column)
        const cursor = `{cursor${index}:${checkType(key.type)}}`
        if (index < depth) return `${name} = ${cursor}`
        return `${comparable(key, name)} ${key.direction === 'desc' ? '<' : '>'} ${comparable(key, cursor)}`
      })
      .join(' AND '),
  )
  return `(${branches.join(') OR (')})`
}

function checkType(type: string): string {
  if (/^[A-Za-z][A-Za-z0-9]*(?:\([A-Za-z0-9_ ,'=-]*\))?$/.test(type)) return type
  throw new StorageError({
    code: 'bad_query',
    message: `${JSON.stringify(type)} is not a type for a page key`,
  })
}

function cursorParams(values: readonly CursorValue[] | null): QueryParams {
  return Object.fromEntries((values ?? []).map((value, index) => [`cursor${index}`, value]))
}
