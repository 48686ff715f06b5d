import { createHash } from 'node:crypto'

import type { CallOptions, SnapshotKey } from '@subnetkit/core'
import { z } from 'zod'

import { column } from '../codecs/column.ts'
import { rowReader, type ExpectedColumn, type RowCodec } from '../codecs/row-codec.ts'
import type { ClickHouseConnection } from '../connection.ts'
import { readOne } from '../query/read-rows.ts'
import { from } from '../query/table-name.ts'
import { quoteIdentifier } from '../quote-identifier.ts'
import { addressLabelRow } from './address-label-rows.ts'
import { alertClusterRow } from './alert-cluster-rows.ts'
import { alertRow } from './alert-rows.ts'
import { featureRow } from './feature-rows.ts'
import { FINAL_SETTINGS, keyCondition, signalOf } from './key-condition.ts'
import { moneyFlowRow } from './money-flow-rows.ts'
import { transferRow } from './transfer-rows.ts'

/** All tables with rows of a snapshot, in the order in which their hashes are joined. */
export const snapshotTables = [
  alertRow,
  featureRow,
  alertClusterRow,
  moneyFlowRow,
  addressLabelRow,
  transferRow,
] as const

const digestRow = rowReader({
  label: 'the hash of a table',
  schema: z.strictObject({ count: z.int().min(0), digest: z.string().regex(/^\d{1,78}$/) }),
  columns: { count: column.uint64Number(), digest: column.string() },
})

const KEY_COLUMNS: ReadonlySet<string> = new Set([
  'network',
  'processing_date',
  'window_days',
  'snapshot_id',
  '_version',
])

/** A value as bytes that no other value of its type has, whatever the output settings. */
function canonical({ name, type }: ExpectedColumn): string {
  const value = quoteIdentifier(name)
  if (type === 'Float64') return `hex(reinterpretAsUInt64(${value} + 0.))`
  if (type.startsWith('DateTime64')) return `toString(toUnixTimestamp64Milli(${value}))`
  if (type.startsWith('Array(')) {
    return `arrayStringConcat(arrayMap(e -> concat(toString(length(e)), ':', e), ${value}))`
  }
  return `toString(${value})`
}

/** The canonical text of a row: its table, then each field with its length, so that no two rows share a text. */
function rowText({ table, expectedColumns }: Pick<RowCodec<never>, 'table' | 'expectedColumns'>): string {
  const fields = expectedColumns
    .filter(({ name }) => !KEY_COLUMNS.has(name))
    .flatMap((expected) => {
      const text = canonical(expected)
      return [`toString(length(${text}))`, `':'`, text]
    })
  return `concat('${table}|', ${fields.join(', ')})`
}

/**
 * SHA-256 of a snapshot's content. Each row's text is hashed, the hashes of a table are summed modulo 2^256 (a sum knows
 * no order, and a row twice counts twice), and sums and counts of all tables are hashed together with network, date
 * and window. Snapshot id, version and time of creation are not part of it: equal content, equal hash.
 */
export async function hashSnapshotInputs(
  connection: ClickHouseConnection,
  key: SnapshotKey,
  options?: CallOptions,
): Promise<string> {
  const hash = createHash('sha256')
  hash.update(`${key.network}|${key.processingDate}|${key.windowDays}\n`)
  const { where, params } = keyCondition(key)
  for (const codec of snapshotTables) {
    const row = await readOne(connection, digestRow, {
      sql: `SELECT count(), toString(sum(reinterpretAsUInt256(SHA256(${rowText(codec)})))) FROM ${from(connection, codec)} WHERE ${where}`,
      params,
      settings: FINAL_SETTINGS,
      ...signalOf(options),
    })
    hash.update(`${codec.table}|${row?.count ?? 0}|${row?.digest ?? 0}\n`)
  }
  return hash.digest('hex')
}
