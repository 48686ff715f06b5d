import {
  decimalSchema,
  utcDateSchema,
  type SnapshotKey,
  type Transfer,
  type TransferRepository,
} from '@subnetkit/core'
import { z } from 'zod'

import { column } from '../codecs/column.ts'
import { rowReader } from '../codecs/row-codec.ts'
import { readAll } from '../query/read-rows.ts'
import { from } from '../query/table-name.ts'
import { FINAL_SETTINGS, keyCondition, signalOf } from './key-condition.ts'
import { createKeyedRows, type RepositoryContext } from './keyed-rows.ts'
import { readTransferColumns } from './read-transfer-columns.ts'
import { transferOrder, transferRow } from './transfer-rows.ts'

const dailyVolumeRow = rowReader({
  label: 'volumes per day',
  schema: z.strictObject({ date: utcDateSchema, transfers: z.int().min(0), volumeUsd: decimalSchema }),
  columns: { date: column.date(), transfers: column.uint64Number(), volumeUsd: column.decimal(76, 18) },
})

/** Transfers in `miner_raw_transfers`. */
export function createClickHouseTransferRepository(context: RepositoryContext): TransferRepository {
  const { connection } = context
  return {
    ...createKeyedRows<Transfer, SnapshotKey>(context, { codec: transferRow, order: transferOrder }),
    readColumns: async ({ key }, options) => readTransferColumns(connection, key, options),
    async listDailyVolumes({ key }, options) {
      const { where, params } = keyCondition(key)
      return readAll(connection, dailyVolumeRow, {
        sql: `SELECT toDate(block_timestamp, 'UTC') AS date, count() AS transfers, sum(toDecimal256(amount_usd, 18)) AS volume_usd
FROM ${from(connection, transferRow)} WHERE ${where} GROUP BY date ORDER BY date`,
        params,
        settings: FINAL_SETTINGS,
        ...signalOf(options),
      })
    },
  }
}
