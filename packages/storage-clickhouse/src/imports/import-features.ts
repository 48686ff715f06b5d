import type { ImportResult } from '@subnetkit/core'

import { tableName } from '../query/table-name.ts'
import { featureRow } from '../repositories/feature-rows.ts'
import { keyCondition } from '../repositories/key-condition.ts'
import { readCount } from '../repositories/read-count.ts'
import { removeRows } from '../repositories/remove-rows.ts'
import { checkStagedRows, checkUnique } from './check-staged-rows.ts'
import type { ImportJob } from './import-job.ts'
import { checkSourceColumns, locateFields } from './import-plan.ts'
import { fieldChecks, stagedColumns } from './import-rows.ts'
import { keyFields } from './key-fields.ts'
import { createStaging, uploadFile } from './staging-table.ts'
import { addressKind } from './value-kind.ts'
import { classifyColumns, listFeatures, wideChecks, wideColumns, wideSelects } from './wide-features.ts'

/** Loads a wide file, one row per address, as long feature rows. */
export async function importFeatures({
  connection,
  table,
  params,
  signal,
  version,
}: ImportJob): Promise<ImportResult> {
  checkSourceColumns(params)
  const fields = locateFields(params, [
    ...keyFields,
    { field: 'address', columns: ['address'], kind: addressKind },
  ])
  const taken = stagedColumns(fields)
  const wide = wideColumns(params, (source) => taken.some((column) => column.source === source))
  const columns = [...taken, ...wide.map(({ source, name }) => ({ source, isList: listFeatures.has(name) }))]
  await createStaging(connection, table, columns, signal)
  await uploadFile(connection, table, params, columns, signal)
  const typed = await classifyColumns(connection, table, wide, signal)
  await checkStagedRows(connection, table, params, [...fieldChecks(fields), ...wideChecks(typed)], signal)
  const staged = tableName(connection, { table })
  const addressSource = fields.find(({ field }) => field === 'address')?.source ?? 0
  const unique = { sql: `c${addressSource}`, name: 'address' }
  await checkUnique(connection, `SELECT _row, c${addressSource} FROM ${staged}`, params, unique, signal)
  const condition = keyCondition(params.key)
  const signalled = signal === undefined ? {} : { signal }
  await removeRows(connection, featureRow, condition, signal)
  for (const select of wideSelects(typed, addressSource, staged)) {
    await connection.command({
      sql: `INSERT INTO ${tableName(connection, featureRow)} (${featureRow.insertList})
SELECT {network:String}, {processingDate:Date}, {windowDays:UInt16}, {snapshotId:String}, *, {version:UInt64} FROM (${select})`,
      params: { ...condition.params, version },
      settings: { max_block_size: 8192 },
      isRepeatable: true,
      ...signalled,
    })
  }
  const rows = await readCount(connection, { sql: `SELECT count() FROM ${staged}`, ...signalled })
  return { rows, outsideWindow: 0 }
}
