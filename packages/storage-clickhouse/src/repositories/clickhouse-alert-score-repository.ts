import { StorageError, type AlertScore, type AlertScoreRepository, type BatchKey } from '@subnetkit/core'
import { z } from 'zod'

import { column } from '../codecs/column.ts'
import { rowReader } from '../codecs/row-codec.ts'
import { readAll, readOne } from '../query/read-rows.ts'
import { from } from '../query/table-name.ts'
import { alertScoreOrder, alertScoreRow } from './alert-score-rows.ts'
import { FINAL_SETTINGS, keyCondition, signalOf } from './key-condition.ts'
import { createKeyedRows, type RepositoryContext } from './keyed-rows.ts'

const MAX_BINS = 10_000

const binRow = rowReader({
  label: 'scores per bin',
  schema: z.strictObject({ bin: z.int().min(0), scores: z.int().min(0) }),
  columns: { bin: column.uint64Number(), scores: column.uint64Number() },
})

/** Scores are multiples of 1e-9: as integers, a score on the edge of a bin always falls on the same side. */
const BIN = 'least(intDiv(toUInt64(round(score * 1e9)) * {bins:UInt64}, 1000000000), {bins:UInt64} - 1)'

/** Alert scores in `miner_alert_scores`. */
export function createClickHouseAlertScoreRepository(context: RepositoryContext): AlertScoreRepository {
  const { connection } = context
  return {
    ...createKeyedRows<AlertScore, BatchKey>(context, {
      codec: alertScoreRow,
      order: alertScoreOrder,
    }),
    async find({ key, alertId }, options) {
      const { where, params } = keyCondition(key)
      return readOne(connection, alertScoreRow, {
        sql: `SELECT {columns} FROM {table} WHERE ${where} AND alert_id = {alertId:String} LIMIT 1`,
        params: { ...params, alertId },
        ...signalOf(options),
      })
    },
    async countByBin({ key, bins }, options) {
      if (!Number.isInteger(bins) || bins < 1 || bins > MAX_BINS) {
        throw new StorageError({
          code: 'invalid_input',
          message: `bins ${bins} is not an integer between 1 and ${MAX_BINS}`,
          details: { field: 'bins' },
        })
      }
      const { where, params } = keyCondition(key)
      const rows = await readAll(connection, binRow, {
        sql: `SELECT toUInt64(${BIN}) AS bin, count() AS scores FROM ${from(connection, alertScoreRow)} WHERE ${where} GROUP BY bin`,
        params: { ...params, bins },
        settings: FINAL_SETTINGS,
        ...signalOf(options),
      })
      const counts = Array.from({ length: bins }, () => 0)
      for (const { bin, scores } of rows) counts[bin] = scores
      return counts
    },
  }
}
