import {
  StorageError,
  type CallOptions,
  type FeatureColumns,
  type ReadFeatureColumnsParams,
} from '@subnetkit/core'

import type { ClickHouseConnection } from '../connection.ts'
import { from } from '../query/table-name.ts'
import { alertRow } from './alert-rows.ts'
import { featureRow } from './feature-rows.ts'
import { FINAL_SETTINGS, keyCondition, signalOf } from './key-condition.ts'
import { readFixedWidth } from './read-fixed-width.ts'
import { readTexts } from './read-texts.ts'
import { textChunks } from './text-chunks.ts'

const BYTES_PER_VALUE = 8
/** Columns of one scan: each costs the engine two conditions a row. */
const MAX_NAMES_AT_ONCE = 32
const MAX_NAMES = 4_096
/** Parameters beyond 4 KiB travel in a way that only text formats can answer; most questions fit one chunk. */
const MAX_PARAMETER_BYTES = 3_000

/**
 * Features as columns: one scan for the sorted addresses, and one for each {@link MAX_NAMES_AT_ONCE} names, which sends
 * eight bytes per address and name. An address that comes or goes in between gives StorageError `conflict`.
 */
export async function readFeatureColumns(
  connection: ClickHouseConnection,
  { key, featureNames, of = 'all' }: ReadFeatureColumnsParams,
  options?: CallOptions,
): Promise<FeatureColumns> {
  const names = [...new Set(featureNames)]
  if (names.length > MAX_NAMES) {
    throw new StorageError({
      code: 'invalid_input',
      message: `${names.length} features were asked for; at most ${MAX_NAMES} at once`,
      details: { field: 'featureNames' },
    })
  }
  const { where, params } = keyCondition(key)
  const ofAlerts =
    of === 'alerts'
      ? ` AND address IN (SELECT address FROM ${from(connection, alertRow)} WHERE ${where})`
      : ''
  const features = `${from(connection, featureRow)} WHERE ${where}${ofAlerts}`
  const statement = { params, settings: FINAL_SETTINGS, ...signalOf(options) }
  const distinct = `SELECT DISTINCT address FROM ${features}`
  const addresses = await readTexts(connection, { ...statement, sql: `${distinct} ORDER BY address` })
  const values: Record<string, Float64Array> = {}
  for (const chunk of textChunks(names, MAX_PARAMETER_BYTES, MAX_NAMES_AT_ONCE)) {
    const columns = chunk.map((name) => (values[name] = new Float64Array(addresses.length).fill(Number.NaN)))
    const named = Object.fromEntries(chunk.map((name, index) => [`name${index}`, name]))
    await readFixedWidth(connection, {
      ...statement,
      params: { ...params, ...named },
      settings: { ...FINAL_SETTINGS, optimize_aggregation_in_order: 1 },
      sql: `SELECT ${chunk.map((_name, index) => cell(`name${index}`)).join(', ')} FROM ${features} GROUP BY address ORDER BY address`,
      width: chunk.length * BYTES_PER_VALUE,
      rows: addresses.length,
      store(view, offset, row) {
        for (const [index, column] of columns.entries()) {
          column[row] = view.getFloat64(offset + index * BYTES_PER_VALUE, true)
        }
      },
    })
  }
  return { addresses, values }
}

/** A feature's value, or NaN for an address that has none: SQL over the rows of one address. */
function cell(parameter: string): string {
  const isIt = `feature_name = {${parameter}:String}`
  return `if(countIf(${isIt}) = 0, nan, maxIf(feature_value, ${isIt}))`
}
