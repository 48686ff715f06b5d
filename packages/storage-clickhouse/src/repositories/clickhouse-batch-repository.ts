import type { BatchRepository, BatchScopeParams } from '@subnetkit/core'
import { utcDateSchema } from '@subnetkit/core'
import { z } from 'zod'

import { column } from '../codecs/column.ts'
import { rowReader } from '../codecs/row-codec.ts'
import { insertRows } from '../query/insert-rows.ts'
import { readPage } from '../query/read-page.ts'
import { readAll, readOne } from '../query/read-rows.ts'
import { from } from '../query/table-name.ts'
import { alertRankingRow } from './alert-ranking-rows.ts'
import { alertScoreRow } from './alert-score-rows.ts'
import { batchRow } from './batch-rows.ts'
import { clusterScoreRow } from './cluster-score-rows.ts'
import { dayCondition, keyCondition, signalOf, type Condition } from './key-condition.ts'
import type { RepositoryContext } from './keyed-rows.ts'
import { removeRows } from './remove-rows.ts'

const dateRow = rowReader({
  label: 'dates of batches',
  schema: z.strictObject({ processingDate: utcDateSchema }),
  columns: { processingDate: column.date() },
})

function scopeCondition({ network, windowDays }: BatchScopeParams): Condition {
  if (windowDays === undefined) return { where: 'network = {network:String}', params: { network } }
  return {
    where: 'network = {network:String} AND window_days = {windowDays:UInt16}',
    params: { network, windowDays },
  }
}

const NEWEST_FIRST = 'processed_at DESC, attempt DESC, batch_id'

/** Attempts in `miner_batch_metadata`; their results are removed with them. */
export function createClickHouseBatchRepository({ connection, version }: RepositoryContext): BatchRepository {
  return {
    async put({ batch }, options) {
      await insertRows(connection, batchRow, [batch], { version, ...signalOf(options) })
    },
    async findLastAttempt({ key }, options) {
      const { where, params } = keyCondition(key)
      const sql = `SELECT {columns} FROM {table} WHERE ${where} ORDER BY attempt DESC LIMIT 1`
      return readOne(connection, batchRow, { sql, params, ...signalOf(options) })
    },
    async findCompleted({ key }, options) {
      const { where, params } = dayCondition(key)
      const sql = `SELECT {columns} FROM {table} WHERE ${where} AND status = 'COMPLETED' ORDER BY ${NEWEST_FIRST} LIMIT 1`
      return readOne(connection, batchRow, { sql, params, ...signalOf(options) })
    },
    async findLatestCompleted(scope, options) {
      const { where, params } = scopeCondition(scope)
      const sql = `SELECT {columns} FROM {table} WHERE ${where} AND status = 'COMPLETED'
ORDER BY processing_date DESC, window_days, ${NEWEST_FIRST} LIMIT 1`
      return readOne(connection, batchRow, { sql, params, ...signalOf(options) })
    },
    async listAvailableDates(scope, options) {
      const { where, params } = scopeCondition(scope)
      const sql = `SELECT DISTINCT processing_date FROM ${from(connection, batchRow)} WHERE ${where} AND status = 'COMPLETED'
ORDER BY processing_date DESC`
      const rows = await readAll(connection, dateRow, { sql, params, ...signalOf(options) })
      return rows.map(({ processingDate }) => processingDate)
    },
    async list({ limit, cursor = null, ...scope }, options) {
      return readPage(connection, batchRow, {
        ...scopeCondition(scope),
        orderBy: [
          { field: 'processingDate', column: 'processing_date', type: 'Date', direction: 'desc' },
          { field: 'windowDays', column: 'window_days', type: 'UInt16' },
          { field: 'processedAt', column: 'processed_at', type: "DateTime64(3, 'UTC')", direction: 'desc' },
          { field: 'attempt', column: 'attempt', type: 'UInt64', direction: 'desc' },
          { field: 'batchId', column: 'batch_id', type: 'String' },
        ],
        limit,
        cursor,
        ...signalOf(options),
      })
    },
    async remove({ key }, options) {
      const condition = keyCondition(key)
      await Promise.all(
        [alertScoreRow, alertRankingRow, clusterScoreRow].map(async (codec) =>
          removeRows(connection, codec, condition, options?.signal),
        ),
      )
      // The attempts last: as long as they are there, a removal that was cut short can be found and repeated.
      await removeRows(connection, batchRow, condition, options?.signal)
    },
  }
}
