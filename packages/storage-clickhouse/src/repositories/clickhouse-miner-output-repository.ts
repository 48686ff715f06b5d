import {
  imageTypeSchema,
  instantSchema,
  minerDatabaseNameSchema,
  uuidSchema,
  type CallOptions,
  type JudgedPattern,
  type JudgedScore,
  type MinerDatabaseName,
  type MinerOutputKey,
  type MinerOutputRepository,
  type Page,
  type PageParams,
  type PlantedOutcome,
  type RowSource,
} from '@subnetkit/core'

import type { RowCodec } from '../codecs/row-codec.ts'
import type { ClickHouseConnection } from '../connection.ts'
import { migrate } from '../migrate/migrate.ts'
import { packagedMigrations } from '../migrate/migration-files.ts'
import { insertRows } from '../query/insert-rows.ts'
import { readPage, type PageKey } from '../query/read-page.ts'
import { quoteIdentifier } from '../quote-identifier.ts'
import { checkParam } from './check-param.ts'
import { fieldCondition } from './field-condition.ts'
import { signalOf } from './key-condition.ts'
import type { RepositoryContext } from './keyed-rows.ts'
import { judgedPatternRow, judgedScoreRow, plantedOutcomeRow } from './miner-output-rows.ts'
import { removeRows } from './remove-rows.ts'

const patternOrder: readonly PageKey<JudgedPattern>[] = [
  { field: 'rowNumber', column: 'row_number', type: 'UInt32' },
]
const plantedOrder: readonly PageKey<PlantedOutcome>[] = [
  { field: 'plantedPattern', column: 'planted_pattern', type: 'String' },
]
const scoreOrder: readonly PageKey<JudgedScore>[] = [
  { field: 'rowNumber', column: 'row_number', type: 'UInt32' },
]

/** Which tables the rows of a run of each type lie in. */
const tables = { analytics: [judgedPatternRow, plantedOutcomeRow], ml: [judgedScoreRow] } as const

/**
 * Miners' outputs, each miner's in its own database. A database that was never prepared is StorageError
 * `missing_schema`, naming it.
 */
export function createClickHouseMinerOutputRepository({
  connection,
  version,
}: RepositoryContext): MinerOutputRepository {
  const database = (name: MinerDatabaseName): ClickHouseConnection => {
    checkParam('minerDatabase', minerDatabaseNameSchema, name)
    return connection.withDatabase(name)
  }
  const put = async <Row>(
    codec: RowCodec<Row>,
    { minerDatabase, rows }: Readonly<{ minerDatabase: MinerDatabaseName; rows: RowSource<Row> }>,
    options: CallOptions | undefined,
  ): Promise<Readonly<{ rows: number }>> => {
    const stored = await insertRows(database(minerDatabase), codec, rows, { version, ...signalOf(options) })
    return { rows: stored.rows }
  }
  const list = async <Row extends object>(
    codec: RowCodec<Row>,
    orderBy: readonly PageKey<Row>[],
    { minerDatabase, runId, limit, cursor = null }: MinerOutputKey & PageParams,
    options: CallOptions | undefined,
  ): Promise<Page<Row>> =>
    readPage(database(minerDatabase), codec, {
      ...fieldCondition({ runId: { schema: uuidSchema, value: runId } }),
      orderBy,
      limit,
      cursor,
      ...signalOf(options),
    })
  return {
    async prepare({ minerDatabase, imageType, now }, options) {
      checkParam('imageType', imageTypeSchema, imageType)
      checkParam('now', instantSchema, now)
      const { applied } = await migrate(database(minerDatabase), {
        folder: await packagedMigrations('benchmark-miner'),
        now: () => now,
        ...signalOf(options),
      })
      return applied
    },
    async drop({ minerDatabase }, options) {
      checkParam('minerDatabase', minerDatabaseNameSchema, minerDatabase)
      const { cluster } = connection
      const onCluster = cluster === null ? '' : ` ON CLUSTER ${quoteIdentifier(cluster)}`
      await connection.withDatabase('default').command({
        sql: `DROP DATABASE IF EXISTS ${quoteIdentifier(minerDatabase)}${onCluster} SYNC`,
        isRepeatable: true,
        ...signalOf(options),
      })
    },
    async clear({ minerDatabase, runId, imageType }, options) {
      checkParam('imageType', imageTypeSchema, imageType)
      const condition = fieldCondition({ runId: { schema: uuidSchema, value: runId } })
      for (const codec of tables[imageType]) {
        await removeRows(database(minerDatabase), codec, condition, options?.signal)
      }
    },
    async putPatterns(params, options) {
      return put(judgedPatternRow, params, options)
    },
    async putPlanted(params, options) {
      return put(plantedOutcomeRow, params, options)
    },
    async putScores(params, options) {
      return put(judgedScoreRow, params, options)
    },
    async listPatterns(params, options) {
      return list(judgedPatternRow, patternOrder, params, options)
    },
    async listPlanted(params, options) {
      return list(plantedOutcomeRow, plantedOrder, params, options)
    },
    async listScores(params, options) {
      return list(judgedScoreRow, scoreOrder, params, options)
    },
  }
}
