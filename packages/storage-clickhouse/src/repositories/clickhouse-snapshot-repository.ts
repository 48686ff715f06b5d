import type { SnapshotRepository } from '@subnetkit/core'

import { insertRows } from '../query/insert-rows.ts'
import { readPage } from '../query/read-page.ts'
import { readOne } from '../query/read-rows.ts'
import { hashSnapshotInputs, snapshotTables } from './hash-snapshot-inputs.ts'
import { dayCondition, keyCondition, signalOf } from './key-condition.ts'
import type { RepositoryContext } from './keyed-rows.ts'
import { removeRows } from './remove-rows.ts'
import { snapshotRow } from './snapshot-rows.ts'

/** Snapshots in `miner_snapshots`; the rows under them are removed with them. */
export function createClickHouseSnapshotRepository({
  connection,
  version,
}: RepositoryContext): SnapshotRepository {
  return {
    async put({ snapshot }, options) {
      await insertRows(connection, snapshotRow, [snapshot], { version, ...signalOf(options) })
    },
    async find({ key }, options) {
      const { where, params } = keyCondition(key)
      const sql = `SELECT {columns} FROM {table} WHERE ${where} LIMIT 1`
      return readOne(connection, snapshotRow, { sql, params, ...signalOf(options) })
    },
    async findReady({ key, kinds }, options) {
      const { where, params } = dayCondition(key)
      const ofKind = kinds === undefined ? '' : ' AND toString(kind) IN {kinds:Array(String)}'
      return readOne(connection, snapshotRow, {
        sql: `SELECT {columns} FROM {table} WHERE ${where} AND status = 'READY'${ofKind}
ORDER BY updated_at DESC, _version DESC, snapshot_id LIMIT 1`,
        params: kinds === undefined ? params : { ...params, kinds },
        ...signalOf(options),
      })
    },
    async list({ network, limit, cursor = null }, options) {
      return readPage(connection, snapshotRow, {
        where: 'network = {network:String}',
        params: { network },
        orderBy: [
          { field: 'processingDate', column: 'processing_date', type: 'Date', direction: 'desc' },
          { field: 'windowDays', column: 'window_days', type: 'UInt16' },
          { field: 'updatedAt', column: 'updated_at', type: "DateTime64(3, 'UTC')", direction: 'desc' },
          { field: 'snapshotId', column: 'snapshot_id', type: 'String' },
        ],
        limit,
        cursor,
        ...signalOf(options),
      })
    },
    hashInputs: async ({ key }, options) => hashSnapshotInputs(connection, key, options),
    async remove({ key }, options) {
      const condition = keyCondition(key)
      await Promise.all(
        snapshotTables.map(async (codec) => removeRows(connection, codec, condition, options?.signal)),
      )
      // The snapshot last: as long as it is there, a removal that was cut short can be found and repeated.
      await removeRows(connection, snapshotRow, condition, options?.signal)
    },
  }
}
