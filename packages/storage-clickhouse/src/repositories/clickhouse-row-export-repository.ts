import type { ExportFormat, RowExportRepository, RowExportSelection } from '@subnetkit/core'

import type { RowCodec } from '../codecs/row-codec.ts'
import { orderByKeys } from '../query/read-page.ts'
import { from } from '../query/table-name.ts'
import { quoteIdentifier } from '../quote-identifier.ts'
import { addressLabelOrder, addressLabelRow } from './address-label-rows.ts'
import { alertClusterOrder, alertClusterRow } from './alert-cluster-rows.ts'
import { alertRankingOrder, alertRankingRow } from './alert-ranking-rows.ts'
import { alertOrder, alertRow } from './alert-rows.ts'
import { alertScoreOrder, alertScoreRow } from './alert-score-rows.ts'
import { clusterScoreOrder, clusterScoreRow } from './cluster-score-rows.ts'
import { featureOrder, featureRow } from './feature-rows.ts'
import { FINAL_SETTINGS, keyCondition, signalOf } from './key-condition.ts'
import type { RepositoryContext } from './keyed-rows.ts'
import { moneyFlowOrder, moneyFlowRow } from './money-flow-rows.ts'
import { transferOrder, transferRow } from './transfer-rows.ts'

interface Exported {
  readonly codec: Pick<RowCodec<never>, 'table' | 'engine' | 'versionColumn' | 'expectedColumns'>
  readonly orderBy: string
}

const exported: Readonly<Record<RowExportSelection['target'], Exported>> = {
  addressLabels: { codec: addressLabelRow, orderBy: orderByKeys(addressLabelOrder) },
  alertClusters: { codec: alertClusterRow, orderBy: orderByKeys(alertClusterOrder) },
  alertRankings: { codec: alertRankingRow, orderBy: orderByKeys(alertRankingOrder) },
  alerts: { codec: alertRow, orderBy: orderByKeys(alertOrder) },
  alertScores: { codec: alertScoreRow, orderBy: orderByKeys(alertScoreOrder) },
  clusterScores: { codec: clusterScoreRow, orderBy: orderByKeys(clusterScoreOrder) },
  features: { codec: featureRow, orderBy: orderByKeys(featureOrder) },
  moneyFlows: { codec: moneyFlowRow, orderBy: orderByKeys(moneyFlowOrder) },
  transfers: { codec: transferRow, orderBy: orderByKeys(transferOrder) },
}

const formats: Readonly<Record<ExportFormat, string>> = {
  parquet: 'Parquet',
  csv: 'CSVWithNames',
  jsonl: 'JSONEachRow',
}

/** An enum leaves as its name: Parquet would keep the number. A list leaves CSV as JSON, which the imports read. */
function exportColumns({ versionColumn, expectedColumns }: Exported['codec'], format: ExportFormat): string {
  return expectedColumns
    .filter(({ name }) => name !== versionColumn)
    .map(({ name, type }) => {
      const quoted = quoteIdentifier(name)
      if (type.startsWith('Enum')) return `toString(rows.${quoted}) AS ${quoted}`
      if (type.startsWith('Array') && format === 'csv') return `toJSONString(rows.${quoted}) AS ${quoted}`
      return `rows.${quoted}`
    })
    .join(', ')
}

/**
 * Files of rows, written by the engine. The server holds the answer back until it is complete, so that a failure is an
 * error and never a file that ends early.
 */
export function createClickHouseRowExportRepository({ connection }: RepositoryContext): RowExportRepository {
  return {
    exportRows({ selection, format }, options) {
      const { codec, orderBy } = exported[selection.target]
      const { where, params } = keyCondition(selection.key)
      const rows = `SELECT * FROM ${from(connection, codec)} WHERE ${where} ORDER BY ${orderBy}`
      return connection.read({
        sql: `SELECT ${exportColumns(codec, format)} FROM (${rows}) AS rows\nFORMAT ${formats[format]}`,
        params,
        settings: { ...FINAL_SETTINGS, wait_end_of_query: 1 },
        ...signalOf(options),
      })
    },
  }
}
