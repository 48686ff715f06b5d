import type { ImportResult } from '@subnetkit/core'

import { tableName } from '../query/table-name.ts'
import { keyCondition } from '../repositories/key-condition.ts'
import { readCount } from '../repositories/read-count.ts'
import { removeRows } from '../repositories/remove-rows.ts'
import { checkStagedRows, checkUnique, type StagedCheck } from './check-staged-rows.ts'
import type { ImportJob } from './import-job.ts'
import { fieldValue, isMissing, valueName, type PlannedField } from './import-plan.ts'
import { createStaging, uploadFile, type StagedColumn } from './staging-table.ts'
import { planTarget, type PlannedTarget } from './target-plans.ts'

const DAY_MS = 86_400_000

/** The columns that fields are read from, each once. */
export function stagedColumns(fields: readonly PlannedField[]): readonly StagedColumn[] {
  const columns = new Map<number, StagedColumn>()
  for (const { source, isList } of fields) {
    if (source !== null)
      columns.set(source, { source, isList: isList === true || columns.get(source)?.isList === true })
  }
  return [...columns.values()]
}

/** What each field asks of its column. */
export function fieldChecks(fields: readonly PlannedField[]): readonly StagedCheck[] {
  return fields.flatMap(({ source, kind, byDefault }) => {
    if (source === null) return []
    const fits = `(${kind.fits(`assumeNotNull(c${source})`)})`
    const value = {
      source,
      isBad: `NOT ${isMissing(source)} AND NOT ${fits}`,
      problem: kind.problem,
      hint: kind.hint,
    }
    if (byDefault !== undefined) return [value]
    return [
      { source, isBad: isMissing(source), problem: 'is missing', hint: 'every row needs a value here' },
      value,
    ]
  })
}

/** Loads a file whose rows are the target's rows. */
export async function importRows(job: ImportJob, target: PlannedTarget): Promise<ImportResult> {
  const { connection, table, params, signal } = job
  const plan = planTarget(target, params)
  const columns = stagedColumns(plan.fields)
  await createStaging(connection, table, columns, signal)
  await uploadFile(connection, table, params, columns, signal)
  await checkStagedRows(connection, table, params, fieldChecks(plan.fields), signal)
  const values = plan.fields.map((planned) => `${fieldValue(planned)} AS ${valueName(planned.field)}`)
  const rows = `SELECT _row, ${values.join(', ')} FROM ${tableName(connection, { table })}`
  if (plan.unique !== null) await checkUnique(connection, rows, params, plan.unique, signal)
  const { key } = params
  const endMs = Date.parse(key.processingDate)
  const inWindow =
    target === 'transfers'
      ? `toUnixTimestamp64Milli(${valueName('blockTimestamp')}) >= {fromMs:Int64} AND toUnixTimestamp64Milli(${valueName('blockTimestamp')}) < {toMs:Int64}`
      : '1'
  const statement = {
    params: { ...keyCondition(key).params, fromMs: endMs - key.windowDays * DAY_MS, toMs: endMs },
    ...(signal === undefined ? {} : { signal }),
  }
  const total = await readCount(connection, { ...statement, sql: `SELECT count() FROM (${rows})` })
  await removeRows(connection, plan.codec, keyCondition(key), signal)
  const { writtenRows } = await connection.command({
    ...statement,
    sql: `INSERT INTO ${tableName(connection, plan.codec)} (${plan.codec.insertList})
SELECT {network:String}, {processingDate:Date}, {windowDays:UInt16}, {snapshotId:String}, ${plan.select.join(', ')}, {version:UInt64}
FROM (${rows}) WHERE ${inWindow}`,
    params: { ...statement.params, version: job.version },
    isRepeatable: true,
  })
  return { rows: writtenRows, outsideWindow: total - writtenRows }
}
