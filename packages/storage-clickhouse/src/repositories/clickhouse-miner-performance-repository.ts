import {
  hotkeySchema,
  minerPerformanceSchema,
  performancePeriodSchema,
  periodTypes,
  StorageError,
  toInputError,
  uidSchema,
  type CallOptions,
  type CycleScope,
  type MinerAtUid,
  type MinerPerformance,
  type MinerPerformanceRepository,
  type PerformanceScope,
  type RowSource,
} from '@subnetkit/core'
import { z } from 'zod'

import { column } from '../codecs/column.ts'
import { rowReader } from '../codecs/row-codec.ts'
import { insertRows } from '../query/insert-rows.ts'
import { readPage } from '../query/read-page.ts'
import { readAll, readOne } from '../query/read-rows.ts'
import { from as fromTable } from '../query/table-name.ts'
import { checkParam } from './check-param.ts'
import { createAttemptDays } from './clickhouse-attempt-days.ts'
import { cycleScopeCondition } from './cycle-scope-condition.ts'
import { FINAL_SETTINGS, signalOf, type Condition } from './key-condition.ts'
import type { RepositoryContext } from './keyed-rows.ts'
import {
  historyOrder,
  overallPerformanceRow,
  rankOrder,
  taskPerformanceRow,
  toPerformances,
  toRows,
  type OverallPerformance,
} from './miner-performance-rows.ts'
import { rewriteRows } from './rewrite-rows.ts'

/** Miners whose rows are stored at a time: with their tasks, some thousand rows. */
const PUT_ROWS = 1_000

const minerReader = rowReader({
  label: 'miners of a period',
  schema: z.strictObject({ minerUid: z.int(), minerHotkey: z.string() }),
  columns: { minerUid: column.uint16(), minerHotkey: column.string() },
})

const TYPE = 'period_type = {periodType:String}'
const AT_UID = 'miner_uid = {minerUid:UInt16} AND miner_hotkey = {minerHotkey:String}'

const periodTypeSchema = z.enum(periodTypes)

function periodCondition({ period, ...cycleScope }: PerformanceScope): Condition {
  checkParam('period', performancePeriodSchema, period)
  const { where, params } = cycleScopeCondition(cycleScope)
  const { type: periodType, start: periodStart, end: periodEnd } = period
  return {
    where: `${where} AND ${TYPE} AND period_start = {periodStart:DateTime64(3, 'UTC')}
AND period_end = {periodEnd:DateTime64(3, 'UTC')}`,
    params: { ...params, periodType, periodStart, periodEnd },
  }
}

function checkMiner({ minerUid, minerHotkey }: MinerAtUid): void {
  checkParam('minerUid', uidSchema, minerUid)
  checkParam('minerHotkey', hotkeySchema, minerHotkey)
}

/**
 * Miners' statistics in `miner_performance_stats` and, by task, in `miner_performance_task_stats`; what they are summed
 * from in `miner_attempt_days`.
 */
export function createClickHouseMinerPerformanceRepository(
  context: RepositoryContext,
): MinerPerformanceRepository {
  const { connection, version } = context
  return {
    async put({ performances }, options) {
      let rows = 0
      for await (const batch of batches(performances)) {
        const parts = batch.map(toRows)
        const insert = { version, ...signalOf(options) }
        // Tasks first: readers start from the overall row.
        const tasks = parts.flatMap((part) => part.tasks)
        await insertRows(connection, taskPerformanceRow, tasks, insert)
        await insertRows(
          connection,
          overallPerformanceRow,
          parts.map(({ overall }) => overall),
          insert,
        )
        rows += batch.length
      }
      options?.signal?.throwIfAborted()
      return { rows }
    },
    ...createReads(context),
    ...createAttemptDays(context),
    async bury({ minerUid, minerHotkey, from, ...scope }, options) {
      checkMiner({ minerUid, minerHotkey })
      const { where, params } = cycleScopeCondition(scope)
      const rows = await rewriteRows(connection, overallPerformanceRow, {
        where: `${where} AND ${AT_UID} AND period_end > {from:DateTime64(3, 'UTC')} AND buried_at IS NULL`,
        params: { ...params, minerUid, minerHotkey, from },
        replace: { buried_at: "{from:DateTime64(3, 'UTC')}" },
        version,
        ...signalOf(options),
      })
      return { rows }
    },
  }
}

type Reads = Pick<MinerPerformanceRepository, 'find' | 'list' | 'listHistory' | 'listMiners'>

function createReads(context: RepositoryContext): Reads {
  const { connection } = context
  return {
    async find({ minerUid, minerHotkey, ...scope }, options) {
      checkMiner({ minerUid, minerHotkey })
      const { where, params } = periodCondition(scope)
      const row = await readOne(connection, overallPerformanceRow, {
        sql: `SELECT {columns} FROM {table} WHERE ${where} AND ${AT_UID} LIMIT 1`,
        params: { ...params, minerUid, minerHotkey },
        settings: FINAL_SETTINGS,
        ...signalOf(options),
      })
      if (row === null) return null
      const [performance] = await withTasks(context, scope, [row], options)
      return performance ?? null
    },
    async list({ limit, cursor = null, ...scope }, options) {
      const { where, params } = periodCondition(scope)
      const page = await readPage(connection, overallPerformanceRow, {
        where: `${where} AND buried_at IS NULL`,
        params,
        orderBy: rankOrder,
        limit,
        cursor,
        ...signalOf(options),
      })
      return {
        items: await withTasks(context, scope, page.items, options),
        nextCursor: page.nextCursor,
      }
    },
    async listHistory({ minerHotkey, periodType, limit, cursor = null, ...scope }, options) {
      checkParam('minerHotkey', hotkeySchema, minerHotkey)
      checkParam('periodType', periodTypeSchema, periodType)
      const { where, params } = cycleScopeCondition(scope)
      const page = await readPage(connection, overallPerformanceRow, {
        where: `${where} AND ${TYPE} AND miner_hotkey = {minerHotkey:String}`,
        params: { ...params, periodType, minerHotkey },
        orderBy: historyOrder,
        limit,
        cursor,
        ...signalOf(options),
      })
      return {
        items: await withTasks(context, scope, page.items, options),
        nextCursor: page.nextCursor,
      }
    },
    async listMiners(scope, options) {
      const { where, params } = periodCondition(scope)
      const sql = `SELECT {columns} FROM ${fromTable(connection, overallPerformanceRow)}
WHERE ${where} AND buried_at IS NULL ORDER BY miner_uid, miner_hotkey`
      return readAll(connection, minerReader, {
        sql,
        params,
        settings: FINAL_SETTINGS,
        ...signalOf(options),
      })
    },
  }
}

async function withTasks(
  { connection }: RepositoryContext,
  scope: CycleScope,
  rows: readonly OverallPerformance[],
  options: CallOptions | undefined,
): Promise<readonly MinerPerformance[]> {
  const [first] = rows
  if (first === undefined) return []
  const starts = rows.map(({ periodStart }) => periodStart.getTime())
  const uids = rows.map(({ minerUid }) => minerUid)
  const isOneHotkey = rows.every(({ minerHotkey }) => minerHotkey === first.minerHotkey)
  const { where, params } = cycleScopeCondition(scope)
  const tasks = await readAll(connection, taskPerformanceRow, {
    sql: `SELECT {columns} FROM {table} WHERE ${where} AND ${TYPE}
AND period_start >= {earliest:DateTime64(3, 'UTC')} AND period_start <= {latest:DateTime64(3, 'UTC')}
AND miner_uid >= {lowest:UInt16} AND miner_uid <= {highest:UInt16}${isOneHotkey ? ' AND miner_hotkey = {hotkey:String}' : ''}`,
    params: {
      ...params,
      periodType: first.periodType,
      earliest: new Date(Math.min(...starts)),
      latest: new Date(Math.max(...starts)),
      lowest: Math.min(...uids),
      highest: Math.max(...uids),
      ...(isOneHotkey ? { hotkey: first.minerHotkey } : {}),
    },
    settings: FINAL_SETTINGS,
    ...signalOf(options),
  })
  return toPerformances(rows, tasks)
}

/** Whole miners at a time, each checked before anything of its batch is stored. */
async function* batches(source: RowSource<MinerPerformance>): AsyncGenerator<MinerPerformance[], void, void> {
  let batch: MinerPerformance[] = []
  let rowNumber = 0
  for await (const performance of source) {
    rowNumber += 1
    batch.push(checked(performance, rowNumber))
    if (batch.length < PUT_ROWS) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

function checked(performance: MinerPerformance, row: number): MinerPerformance {
  const result = minerPerformanceSchema.safeParse(performance)
  if (result.success) return performance
  const { message, field } = toInputError(result.error, performance, {
    subject: `${overallPerformanceRow.table}, row ${row}`,
  })
  throw new StorageError({ code: 'invalid_input', message, details: { row, field } })
}
