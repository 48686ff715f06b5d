/**
 * The building blocks, all public:
 *
 * - connect: readConnectionParams, connectClickHouse, withClickHouse, ClickHouseConnection
 *   (command, read, insert, withDatabase, close), createDatabase, quoteIdentifier, tuple
 * - codecs: column.*, rowCodec({ table, engine, schema, columns }), rowReader({ label, schema, columns })
 * - query: readRows, readBlocks, readAll, readOne, readPage, insertRows, from, tableName, createVersionClock.
 *   In `sql`, {columns} and {table} come from the codec; values are {name:Type} with `params`.
 * - migrate: migrate, migrationStatus, packagedMigrations('miner' | 'validator' | 'benchmark' |
 *   'benchmark-miner'), readMigrations, checkTables, toClusterSql,
 *   setRetention, readTableSizes
 */
export { column } from './codecs/column.ts'
export type { ColumnCode, ColumnSpec } from './codecs/column-spec.ts'
export {
  rowCodec,
  rowReader,
  type ExpectedColumn,
  type RowCodec,
  type RowCodecOptions,
  type RowReader,
  type RowReaderOptions,
  type RowWriter,
  type TableEngine,
} from './codecs/row-codec.ts'
export type { ColumnsOf, RowSchema } from './codecs/row-plan.ts'
export { connectClickHouse, withClickHouse } from './connect.ts'
export {
  CONNECTION_DEFAULTS,
  type ConnectionLogger,
  type ConnectOptions,
  type LocalServer,
} from './connection-options.ts'
export {
  readConnectionParams,
  type ConnectionParams,
  type ReadConnectionParamsOptions,
} from './connection-params.ts'
export type {
  ClickHouseConnection,
  CommandStatement,
  InsertStatement,
  Statement,
  StatementSummary,
} from './connection.ts'
export { createDatabase } from './create-database.ts'
export * from './embedded/start-embedded-clickhouse.ts'
export { checkTables } from './migrate/check-tables.ts'
export {
  migrate,
  migrationStatus,
  type MigrateOptions,
  type MigrateResult,
  type MigrationSource,
  type MigrationStatus,
  type MigrationStatusEntry,
} from './migrate/migrate.ts'
export { packagedMigrations, readMigrations, type MigrationFile } from './migrate/migration-files.ts'
export { toClusterSql } from './migrate/to-cluster-sql.ts'
export { toStorageError, type FailedOperation } from './errors.ts'
export { tuple, type QueryParam, type QueryParams, type TupleValue } from './query-params.ts'
export { insertRows, type InsertRowsOptions, type InsertRowsResult } from './query/insert-rows.ts'
export { readPage, type PageKey, type ReadPageParams } from './query/read-page.ts'
export {
  readAll,
  readBlocks,
  readOne,
  readRows,
  type ReadableBy,
  type ReadStatement,
} from './query/read-rows.ts'
export { from, tableName } from './query/table-name.ts'
export { createVersionClock, type VersionClock, type VersionClockOptions } from './query/version-clock.ts'
export { quoteIdentifier } from './quote-identifier.ts'
export { readTableSizes, type TableSize } from './read-table-sizes.ts'
export { readRetention, setRetention, type RetainedTable, type RetentionOptions } from './set-retention.ts'
export { WIRE_SETTINGS } from './wire-settings.ts'
export {
  createClickHouseAgentRepositories,
  type ClickHouseAgentRepositories,
} from './repositories/create-clickhouse-agent-repositories.ts'
export {
  createClickHouseBenchmarkRepositories,
  type ClickHouseBenchmarkRepositories,
} from './repositories/create-clickhouse-benchmark-repositories.ts'
export {
  createClickHouseRecordRepositories,
  type ClickHouseRecordRepositories,
} from './repositories/create-clickhouse-record-repositories.ts'
export {
  createClickHouseRepositories,
  type ClickHouseRepositories,
  type ClickHouseRepositoriesOptions,
} from './repositories/create-clickhouse-repositories.ts'
export { derivedFeatureNames } from './repositories/derived-features.ts'
