import type { Alert, AlertRepository, SnapshotKey } from '@subnetkit/core'

import { readOne } from '../query/read-rows.ts'
import { alertOrder, alertRow } from './alert-rows.ts'
import { keyCondition, signalOf } from './key-condition.ts'
import { createKeyedRows, type RepositoryContext } from './keyed-rows.ts'
import { listByIds } from './list-by-ids.ts'

/** Alerts in `miner_raw_alerts`. */
export function createClickHouseAlertRepository(context: RepositoryContext): AlertRepository {
  const { connection } = context
  return {
    ...createKeyedRows<Alert, SnapshotKey>(context, { codec: alertRow, order: alertOrder }),
    async find({ key, alertId }, options) {
      const { where, params } = keyCondition(key)
      return readOne(connection, alertRow, {
        sql: `SELECT {columns} FROM {table} WHERE ${where} AND alert_id = {alertId:String} LIMIT 1`,
        params: { ...params, alertId },
        ...signalOf(options),
      })
    },
    listByIds: async ({ key, alertIds }, options) =>
      listByIds(connection, alertRow, { key, ids: alertIds, order: alertOrder }, options),
  }
}
