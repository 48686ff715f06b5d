import type { Feature, FeatureRepository, SnapshotKey } from '@subnetkit/core'

import { from, tableName } from '../query/table-name.ts'
import { deriveFeaturesSql } from './derive-features-sql.ts'
import { featureOrder, featureRow } from './feature-rows.ts'
import { FINAL_SETTINGS, keyCondition, signalOf } from './key-condition.ts'
import { createKeyedRows, type RepositoryContext } from './keyed-rows.ts'
import { readFeatureColumns } from './read-feature-columns.ts'
import { transferRow } from './transfer-rows.ts'

const DAY_MS = 86_400_000

/** Features in `miner_raw_features`; derived ones are computed by the engine, see `derived-features.ts`. */
export function createClickHouseFeatureRepository(context: RepositoryContext): FeatureRepository {
  const { connection, version } = context
  return {
    ...createKeyedRows<Feature, SnapshotKey>(context, {
      codec: featureRow,
      order: featureOrder,
    }),
    async deriveFromTransfers({ source, target }, options) {
      const { where, params } = keyCondition(source)
      const derived = deriveFeaturesSql(`${from(connection, transferRow)} WHERE ${where}`)
      const windowMs = source.windowDays * DAY_MS
      const { writtenRows } = await connection.command({
        sql: `INSERT INTO ${tableName(connection, featureRow)} (${featureRow.insertList})
SELECT {targetNetwork:String}, {targetDate:Date}, {targetWindow:UInt16}, {targetId:String},
  address, feature_name, feature_value, feature_metadata, {version:UInt64} FROM (${derived})`,
        params: {
          ...params,
          windowStartMs: Date.parse(source.processingDate) - windowMs,
          windowMs,
          targetNetwork: target.network,
          targetDate: target.processingDate,
          targetWindow: target.windowDays,
          targetId: target.snapshotId,
          version: version.next(),
        },
        settings: { ...FINAL_SETTINGS, join_use_nulls: 0 },
        isRepeatable: true,
        ...signalOf(options),
      })
      return { rows: writtenRows }
    },
    readColumns: async (params, options) => readFeatureColumns(connection, params, options),
  }
}
