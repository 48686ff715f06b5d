import { hotkeySchema, type MinerWeightTrace, type MinerWeightTraceRepository } from '@subnetkit/core'

import { insertRows } from '../query/insert-rows.ts'
import { readPage, type PageKey } from '../query/read-page.ts'
import { readAll, readOne } from '../query/read-rows.ts'
import { from } from '../query/table-name.ts'
import { checkLimit, checkParam } from './check-param.ts'
import { cycleCondition, cycleScopeCondition } from './cycle-scope-condition.ts'
import { signalOf } from './key-condition.ts'
import type { RepositoryContext } from './keyed-rows.ts'
import {
  minerWeightPointReader,
  minerWeightTracePointRow,
  minerWeightTraceRow,
} from './miner-weight-trace-rows.ts'
import { readCount } from './read-count.ts'

const largestFirst: readonly PageKey<MinerWeightTrace>[] = [
  { field: 'submittedWeight', column: 'submitted_weight', type: 'Float64', direction: 'desc' },
  { field: 'hotkey', column: 'hotkey', type: 'String' },
]

/** Traces in `miner_weight_traces`; a miner's history is read from `miner_weight_trace_points`, which follows it. */
export function createClickHouseMinerWeightTraceRepository({
  connection,
  version,
}: RepositoryContext): MinerWeightTraceRepository {
  return {
    async put({ traces }, options) {
      const stored = await insertRows(connection, minerWeightTraceRow, traces, {
        version,
        ...signalOf(options),
      })
      return { rows: stored.rows }
    },
    async find({ hotkey, ...key }, options) {
      checkParam('hotkey', hotkeySchema, hotkey)
      const { where, params } = cycleCondition(key)
      return readOne(connection, minerWeightTraceRow, {
        sql: `SELECT {columns} FROM {table} WHERE ${where} AND hotkey = {hotkey:String} LIMIT 1`,
        params: { ...params, hotkey },
        ...signalOf(options),
      })
    },
    async list({ limit, cursor = null, ...key }, options) {
      return readPage(connection, minerWeightTraceRow, {
        ...cycleCondition(key),
        orderBy: largestFirst,
        limit,
        cursor,
        ...signalOf(options),
      })
    },
    async count(key, options) {
      const { where, params } = cycleCondition(key)
      const sql = `SELECT count() FROM ${from(connection, minerWeightTraceRow)} WHERE ${where}`
      return readCount(connection, { sql, params, ...signalOf(options) })
    },
    async listPoints({ hotkey, limit, ...scope }, options) {
      checkParam('hotkey', hotkeySchema, hotkey)
      checkLimit(limit)
      const { where, params } = cycleScopeCondition(scope)
      return readAll(connection, minerWeightPointReader, {
        sql: `SELECT {columns} FROM ${from(connection, minerWeightTracePointRow)}
WHERE ${where} AND hotkey = {hotkey:String} ORDER BY at DESC, cycle_id DESC LIMIT {limit:UInt32}`,
        params: { ...params, hotkey, limit },
        ...signalOf(options),
      })
    },
  }
}
