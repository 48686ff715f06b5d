import { StorageError, type CallOptions, type Page, type PageParams } from '@subnetkit/core'
import { z } from 'zod'

import { column } from '../codecs/column.ts'
import { rowReader, type RowCodec } from '../codecs/row-codec.ts'
import { insertRows } from '../query/insert-rows.ts'
import { readPage, type PageKey } from '../query/read-page.ts'
import { readOne } from '../query/read-rows.ts'
import { from } from '../query/table-name.ts'
import { signalOf, type Condition } from './key-condition.ts'
import type { RepositoryContext } from './keyed-rows.ts'

const versionReader = rowReader({
  label: 'the newest version',
  schema: z.strictObject({ version: z.bigint() }),
  columns: { version: column.uint64() },
})

/** A table of which every reader sees the row that was stored last under its key. */
export interface CurrentRows<Row> {
  /**
   * Stores rows as newer versions of all that `covering` holds, in which their keys must lie: also where the clock of
   * the process that stored before is ahead of this one's. Two at once on one key need a lock.
   */
  put(rows: readonly Row[], covering: Condition, options: CallOptions | undefined): Promise<void>
  /** The first of `orderBy`, which may be left out for a whole key. */
  find(
    condition: Condition & { readonly orderBy?: string },
    options: CallOptions | undefined,
  ): Promise<Row | null>
  /** Like `find`; StorageError `not_found`, naming `what`, for no row. */
  get(condition: Condition, what: string, options: CallOptions | undefined): Promise<Row>
  list(
    condition: Condition & PageParams & { readonly orderBy: readonly PageKey<Row>[] },
    options: CallOptions | undefined,
  ): Promise<Page<Row>>
}

/** Rows of a Replacing table as they stand. */
export function createCurrentRows<Row extends object>(
  { connection, version }: RepositoryContext,
  codec: RowCodec<Row>,
): CurrentRows<Row> {
  const find: CurrentRows<Row>['find'] = async ({ where, params, orderBy }, options) =>
    readOne(connection, codec, {
      sql: `SELECT {columns} FROM {table} WHERE ${where}${orderBy === undefined ? '' : `\nORDER BY ${orderBy}`} LIMIT 1`,
      params,
      ...signalOf(options),
    })
  return {
    async put(rows, { where, params }, options) {
      options?.signal?.throwIfAborted()
      if (rows.length === 0) return
      const stored = await readOne(connection, versionReader, {
        sql: `SELECT max(_version) FROM ${from(connection, codec)} WHERE ${where}`,
        params,
        ...signalOf(options),
      })
      const above = (stored?.version ?? 0n) + 1n
      const own = version.next()
      await insertRows(connection, codec, rows, {
        version: own > above ? own : above,
        ...signalOf(options),
      })
    },
    find,
    async get(condition, what, options) {
      const row = await find(condition, options)
      if (row !== null) return row
      throw new StorageError({
        code: 'not_found',
        message: `${what} is not known`,
        details: { ...condition.params },
      })
    },
    async list({ where, params, orderBy, limit, cursor = null }, options) {
      return readPage(connection, codec, { where, params, orderBy, limit, cursor, ...signalOf(options) })
    },
  }
}
