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
import { readCount } from './read-count.ts'
import { readTexts } from './read-texts.ts'
import { textChunks } from './text-chunks.ts'

const WIDTH = 16
const MAX_NAMES = 4_096
/** Parameters beyond 4 KiB travel in a way that only text formats can answer; most questions fit one chunk. */
const MAX_PARAMETER_BYTES = 3_500

/**
 * Features as columns: the engine numbers the addresses (sorted) and names, and sends 16 bytes a value. Memory is eight
 * bytes per address and name, whatever is there.
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
  for (const chunk of textChunks(names, MAX_PARAMETER_BYTES)) {
    const columns = chunk.map((name) => (values[name] = new Float64Array(addresses.length).fill(Number.NaN)))
    const withNames = { ...statement, params: { ...params, names: chunk } }
    const selected = `${features} AND feature_name IN {names:Array(String)}`
    const rows = await readCount(connection, { ...withNames, sql: `SELECT count() FROM ${selected}` })
    await readFixedWidth(connection, {
      ...withNames,
      sql: `SELECT numbered.id, toUInt32(indexOf({names:Array(String)}, toString(feature_name)) - 1), feature_value
FROM (SELECT address, feature_name, feature_value FROM ${selected}) AS features
INNER JOIN (SELECT address, toUInt32(row_number() OVER (ORDER BY address) - 1) AS id FROM (${distinct})) AS numbered USING (address)`,
      width: WIDTH,
      rows,
      store(view, offset) {
        const column = columns[view.getUint32(offset + 4, true)]
        if (column !== undefined) column[view.getUint32(offset, true)] = view.getFloat64(offset + 8, true)
      },
    })
  }
  return { addresses, values }
}
