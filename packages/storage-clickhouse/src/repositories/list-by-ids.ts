import { MAX_PAGE_LIMIT, StorageError, type CallOptions, type SnapshotKey } from '@subnetkit/core'

import type { RowCodec } from '../codecs/row-codec.ts'
import type { ClickHouseConnection } from '../connection.ts'
import { orderByKeys, type PageKey } from '../query/read-page.ts'
import { readAll } from '../query/read-rows.ts'
import { keyCondition, signalOf } from './key-condition.ts'
import { MAX_PARAMETER_BYTES, textChunks } from './text-chunks.ts'

/** Which rows of a snapshot, and in which order. The ids are values of the first column of the order. */
export interface ListByIdsParams<Row> {
  readonly key: SnapshotKey
  readonly ids: readonly string[]
  readonly order: readonly [PageKey<Row>]
}

/** The rows with these ids, in natural order. More than 10,000 ids are refused with StorageError `invalid_input`. */
export async function listByIds<Row extends object>(
  connection: ClickHouseConnection,
  codec: RowCodec<Row>,
  { key, ids, order }: ListByIdsParams<Row>,
  options?: CallOptions,
): Promise<readonly Row[]> {
  if (ids.length > MAX_PAGE_LIMIT) {
    throw new StorageError({
      code: 'invalid_input',
      message: `${codec.table}: ${ids.length} ids were asked for; at most ${MAX_PAGE_LIMIT} at once`,
      details: { ids: ids.length },
    })
  }
  const { where, params } = keyCondition(key)
  const sql = `SELECT {columns} FROM {table} WHERE ${where} AND ${order[0].column} IN {ids:Array(String)} ORDER BY ${orderByKeys(order)}`
  // Sorted like the rows, so that the answers of the chunks follow each other in natural order.
  const sorted = [...new Set(ids)].toSorted((a, b) => (a < b ? -1 : 1))
  const rows: Row[] = []
  for (const chunk of textChunks(sorted, MAX_PARAMETER_BYTES)) {
    for (const row of await readAll(connection, codec, {
      sql,
      params: { ...params, ids: chunk },
      ...signalOf(options),
    })) {
      rows.push(row)
    }
  }
  return rows
}
