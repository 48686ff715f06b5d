import type { BatchKey, KeyedRowsRepository, SnapshotKey } from '@subnetkit/core'

import type { RowCodec } from '../codecs/row-codec.ts'
import type { ClickHouseConnection } from '../connection.ts'
import { insertRows } from '../query/insert-rows.ts'
import { orderByKeys, readPage, type PageKey } from '../query/read-page.ts'
import { readRows } from '../query/read-rows.ts'
import { from } from '../query/table-name.ts'
import type { VersionClock } from '../query/version-clock.ts'
import { FINAL_SETTINGS, keyCondition, signalOf } from './key-condition.ts'
import { readCount } from './read-count.ts'
import { removeRows } from './remove-rows.ts'

/** What every repository here is made with: a connection, and the one version clock of the process. */
export interface RepositoryContext {
  readonly connection: ClickHouseConnection
  readonly version: VersionClock
}

/** What tells one aggregate of keyed rows from another. */
export interface KeyedRowsOptions<Row> {
  readonly codec: RowCodec<Row>
  /** The natural order within a key; its columns together are unique there. */
  readonly order: readonly PageKey<Row>[]
}

/** The methods that all aggregates with a snapshot or batch key share. */
export function createKeyedRows<Row extends object, Key extends SnapshotKey | BatchKey>(
  { connection, version }: RepositoryContext,
  { codec, order }: KeyedRowsOptions<Row>,
): KeyedRowsRepository<Row, Key> {
  return {
    async put({ rows }, options) {
      const stored = await insertRows(connection, codec, rows, { version, ...signalOf(options) })
      return { rows: stored.rows }
    },
    async list({ key, limit, cursor = null }, options) {
      const condition = keyCondition(key)
      return readPage(connection, codec, {
        ...condition,
        orderBy: order,
        limit,
        cursor,
        ...signalOf(options),
      })
    },
    stream({ key }, options) {
      const { where, params } = keyCondition(key)
      const sql = `SELECT {columns} FROM {table} WHERE ${where} ORDER BY ${orderByKeys(order)}`
      return readRows(connection, codec, { sql, params, settings: FINAL_SETTINGS, ...signalOf(options) })
    },
    async count({ key }, options) {
      const { where, params } = keyCondition(key)
      const sql = `SELECT count() FROM ${from(connection, codec)} WHERE ${where}`
      return readCount(connection, { sql, params, settings: FINAL_SETTINGS, ...signalOf(options) })
    },
    async remove({ key }, options) {
      await removeRows(connection, codec, keyCondition(key), options?.signal)
    },
  }
}
