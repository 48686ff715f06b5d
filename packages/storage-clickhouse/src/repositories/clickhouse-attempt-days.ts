import type { AttemptSums, MinerPerformanceRepository } from '@subnetkit/core'

import { insertRows } from '../query/insert-rows.ts'
import { readAll } from '../query/read-rows.ts'
import { from as fromTable } from '../query/table-name.ts'
import { attemptDayRow, minerAttemptReader, taskAttemptReader } from './attempt-day-rows.ts'
import { cycleScopeCondition } from './cycle-scope-condition.ts'
import { FINAL_SETTINGS, signalOf } from './key-condition.ts'
import type { RepositoryContext } from './keyed-rows.ts'

const BY_DAY = `SELECT miner_uid, miner_hotkey, day,
  sum(attempted) AS asked, sum(completed) AS answered, sum(trailing_failures) AS failures,
  bitCount(groupBitOr(asked_hours)) AS hours_asked, bitCount(groupBitOr(answered_hours)) AS hours_answered,
  max(last_answered_at) AS last_answered`

/** A row of failures goes on from the last day with an answer: on a day without one, every attempt is in it. */
const FAILURES = `arraySum(arrayMap((at, failed) -> if(at >= maxIf(day, answered > 0), failed, 0),
  groupArray(day), groupArray(failures)))`

/** Days of attempts in `miner_attempt_days`, summed in the engine. */
export function createAttemptDays({
  connection,
  version,
}: RepositoryContext): Pick<MinerPerformanceRepository, 'listAttempts' | 'putAttempts'> {
  return {
    async putAttempts({ days }, options) {
      const { rows } = await insertRows(connection, attemptDayRow, days, { version, ...signalOf(options) })
      options?.signal?.throwIfAborted()
      return { rows }
    },
    async listAttempts({ from, to, ...scope }, options) {
      const { where, params } = cycleScopeCondition(scope)
      const window = `${fromTable(connection, attemptDayRow)} WHERE ${where}
AND day >= {from:DateTime64(3, 'UTC')} AND day < {to:DateTime64(3, 'UTC')}`
      const read = { params: { ...params, from, to }, settings: FINAL_SETTINGS, ...signalOf(options) }
      const byTask = await readAll(connection, taskAttemptReader, {
        ...read,
        sql: `SELECT miner_uid, miner_hotkey, task_name, sum(attempted), sum(completed) FROM ${window}
GROUP BY miner_uid, miner_hotkey, task_name ORDER BY miner_uid, miner_hotkey, task_name`,
      })
      const tasks = new Map<string, AttemptSums['tasks'][number][]>()
      for (const { minerUid, minerHotkey, ...task } of byTask) {
        const name = `${minerUid} ${minerHotkey}`
        const known = tasks.get(name)
        if (known === undefined) tasks.set(name, [task])
        else known.push(task)
      }
      const miners = await readAll(connection, minerAttemptReader, {
        ...read,
        sql: `SELECT miner_uid, miner_hotkey, sum(asked), sum(answered), sum(hours_asked), sum(hours_answered),
  ${FAILURES}, max(last_answered)
FROM (${BY_DAY} FROM ${window} GROUP BY miner_uid, miner_hotkey, day)
GROUP BY miner_uid, miner_hotkey ORDER BY miner_uid, miner_hotkey`,
      })
      return miners.map((miner) => ({
        ...miner,
        tasks: tasks.get(`${miner.minerUid} ${miner.minerHotkey}`) ?? [],
      }))
    },
  }
}
