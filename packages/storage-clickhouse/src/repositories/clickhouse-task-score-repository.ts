import {
  hotkeySchema,
  taskNameSchema,
  uidSchema,
  type RowSource,
  type TaskScore,
  type TaskScoreRepository,
  type TaskScoreWindow,
} from '@subnetkit/core'
import { z } from 'zod'

import { column } from '../codecs/column.ts'
import { rowReader } from '../codecs/row-codec.ts'
import { insertRows } from '../query/insert-rows.ts'
import { readAll, readRows } from '../query/read-rows.ts'
import { from as fromTable } from '../query/table-name.ts'
import { checkLimit, checkParam } from './check-param.ts'
import { cycleScopeCondition } from './cycle-scope-condition.ts'
import { signalOf, type Condition } from './key-condition.ts'
import type { RepositoryContext } from './keyed-rows.ts'
import { rewriteRows } from './rewrite-rows.ts'
import {
  taskScoreReader,
  taskScoreRow,
  taskScoreSummaryReader,
  type StoredTaskScore,
} from './task-score-rows.ts'

const eventReader = rowReader({
  label: 'scoring events',
  schema: z.strictObject({ taskId: z.string(), scoredAt: z.date(), miners: z.int(), scored: z.int() }),
  columns: {
    taskId: column.string(),
    scoredAt: column.dateTime64(),
    miners: column.uint64Number(),
    scored: column.uint64Number(),
  },
})

function windowCondition({ from, to, ...scope }: Omit<TaskScoreWindow, 'taskName'>): Condition {
  const { where, params } = cycleScopeCondition(scope)
  return {
    where: `${where} AND withdrawn_at IS NULL
AND scored_at >= {from:DateTime64(3, 'UTC')} AND scored_at < {to:DateTime64(3, 'UTC')}`,
    params: { ...params, from, to },
  }
}

function taskCondition({ taskName, ...window }: TaskScoreWindow): Condition {
  checkParam('taskName', taskNameSchema, taskName)
  const { where, params } = windowCondition(window)
  return { where: `${where} AND task_name = {taskName:String}`, params: { ...params, taskName } }
}

/** Times count from the window's start, so that their squares stay small. */
const SUMMARIES = `SELECT uid, hotkey, if(grouping(task_name) = 1, NULL, task_name) AS task, count() AS scores,
  sumKahan(value) / scores, min(value), max(value), stddevPopStable(value),
  quantileExactInclusive(0.5)(value), quantileExactInclusive(0.25)(value), quantileExactInclusive(0.75)(value),
  argMax(value, (scored_at, task_id, value)), max(scored_at),
  scores * varPopStable(days), scores * varPopStable(value), scores * covarPopStable(days, value)`
const DAYS = `(toUnixTimestamp64Milli(scored_at) - toUnixTimestamp64Milli({from:DateTime64(3, 'UTC')})) / 86400000`

async function* counting(scores: RowSource<TaskScore>): AsyncGenerator<StoredTaskScore, void, void> {
  for await (const score of scores) yield { ...score, withdrawnAt: null }
}

/** Task scores in `score_table`. */
export function createClickHouseTaskScoreRepository({
  connection,
  version,
}: RepositoryContext): TaskScoreRepository {
  return {
    async put({ scores }, options) {
      const stored = await insertRows(connection, taskScoreRow, counting(scores), {
        version,
        ...signalOf(options),
      })
      return { rows: stored.rows }
    },
    async *stream(window, options) {
      const { where, params } = taskCondition(window)
      const sql = `SELECT {columns} FROM ${fromTable(connection, taskScoreRow)} WHERE ${where} ORDER BY scored_at, task_id, uid, hotkey`
      yield* readRows(connection, taskScoreReader, { sql, params, ...signalOf(options) })
    },
    async listEvents({ limit, ...window }, options) {
      checkLimit(limit)
      const { where, params } = taskCondition(window)
      const sql = `SELECT task_id, max(scored_at) AS newest, count(), count(score) FROM ${fromTable(connection, taskScoreRow)}
WHERE ${where} GROUP BY task_id ORDER BY newest DESC, task_id LIMIT {limit:UInt32}`
      return readAll(connection, eventReader, { sql, params: { ...params, limit }, ...signalOf(options) })
    },
    async listSummaries(window, options) {
      const { where, params } = windowCondition(window)
      const given = `SELECT uid, hotkey, task_name, task_id, scored_at, assumeNotNull(score) AS value, ${DAYS} AS days
FROM ${fromTable(connection, taskScoreRow)} WHERE ${where} AND score IS NOT NULL`
      const sql = `${SUMMARIES} FROM (${given})
GROUP BY GROUPING SETS ((uid, hotkey, task_name), (uid, hotkey)) ORDER BY uid, hotkey, task NULLS FIRST`
      return readAll(connection, taskScoreSummaryReader, { sql, params, ...signalOf(options) })
    },
    async withdraw({ uid, hotkey, at, ...scope }, options) {
      checkParam('uid', uidSchema, uid)
      checkParam('hotkey', hotkeySchema, hotkey)
      const { where, params } = cycleScopeCondition(scope)
      const rows = await rewriteRows(connection, taskScoreRow, {
        where: `${where} AND uid = {uid:UInt16} AND hotkey = {hotkey:String}
AND scored_at < {at:DateTime64(3, 'UTC')} AND withdrawn_at IS NULL`,
        params: { ...params, uid, hotkey, at },
        replace: { withdrawn_at: "{at:DateTime64(3, 'UTC')}" },
        version,
        ...signalOf(options),
      })
      return { rows }
    },
  }
}
