import type { TableDescription } from '@aws-sdk/client-dynamodb'
import { isStorageError, StorageError, type CallOptions } from '@subnetkit/core'

import type { DynamoConnection } from '../connect.ts'
import { addIndex, hasIndex, indexProblem } from './reconcile-indexes.ts'
import { reconcileExpiry, type ExpiryCapability } from './reconcile-expiry.ts'
import { attributeDefinitions, keySchema, toIndex } from './table-requests.ts'
import { tableName, type TableSpec } from './table-spec.ts'
import { waitForTable } from './wait-for-table.ts'

/** What to bring about. */
export interface ReconcileTablesParams {
  readonly connection: DynamoConnection
  readonly tables: readonly TableSpec[]
  /** Point-in-time recovery on: costs per gigabyte, allows a restore to any second of the last 35 days. @default false */
  readonly pointInTimeRecovery?: boolean
  /** Told after each table, so that a command can show progress. */
  readonly onTable?: (report: TableReport) => void
}

/** What was found and done for one table. */
export interface TableReport {
  /** With the prefix. */
  readonly name: string
  readonly action: 'created' | 'updated' | 'unchanged'
  readonly indexesAdded: readonly string[]
  /** Indexes that the spec does not name; they cost writes, and are never removed here. */
  readonly indexesUnknown: readonly string[]
  readonly expiry: ExpiryCapability
  /** `unsupported` by embedded engines; `as it was` when it was not asked for. */
  readonly pointInTimeRecovery: 'on' | 'unsupported' | 'as it was'
}

/**
 * Makes what is missing: tables (billed on demand), indexes, expiry, recovery. Nothing that exists is removed or
 * rebuilt. Run it any number of times, from any number of processes; a crash is finished by the next run.
 *
 * @throws StorageError `conflict` when a table or index exists with other keys than its spec, or the engine cannot add
 *   an index to a table that exists (a foreign dynalite): that cannot be changed in place, so a person decides.
 */
export async function reconcileTables(
  params: ReconcileTablesParams,
  options?: CallOptions,
): Promise<readonly TableReport[]> {
  const reports: TableReport[] = []
  for (const table of params.tables) {
    const report = await reconcileTable(params, table, options)
    params.onTable?.(report)
    reports.push(report)
  }
  return reports
}

async function reconcileTable(
  params: ReconcileTablesParams,
  table: TableSpec,
  options: CallOptions | undefined,
): Promise<TableReport> {
  const { connection } = params
  const name = tableName(connection.tablePrefix, table)
  const isCreated = await createIfMissing(connection, table, options)
  const description = await waitForTable(connection, name, options)
  checkKeys(name, table, description)
  const missing = table.indexes.filter((index) => !hasIndex(description, index.name))
  for (const index of missing) await addIndex({ connection, table, index }, options)
  const expiry = await reconcileExpiry({ connection, table }, options)
  const recovery = await reconcileRecovery(params, name, options)
  const isUpdated = missing.length > 0 || expiry.isChanged || recovery.isChanged
  return {
    name,
    action: isCreated ? 'created' : isUpdated ? 'updated' : 'unchanged',
    indexesAdded: missing.map((index) => index.name),
    indexesUnknown: (description.GlobalSecondaryIndexes ?? [])
      .map((index) => index.IndexName ?? '')
      .filter((known) => !table.indexes.some((index) => index.name === known)),
    expiry: expiry.capability,
    pointInTimeRecovery: recovery.state,
  }
}

async function createIfMissing(
  connection: DynamoConnection,
  table: TableSpec,
  options: CallOptions | undefined,
): Promise<boolean> {
  const name = tableName(connection.tablePrefix, table)
  try {
    await connection.tables.describeTable({ TableName: name }, options)
    return false
  } catch (error) {
    if (!isStorageError(error, 'missing_schema')) throw error
  }
  try {
    await connection.tables.createTable(
      {
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: keySchema(table),
        AttributeDefinitions: attributeDefinitions([table, ...table.indexes]),
        ...(table.indexes.length === 0 ? {} : { GlobalSecondaryIndexes: table.indexes.map(toIndex) }),
      },
      options,
    )
    return true
  } catch (error) {
    // Another process makes the same table at this moment: wait for it as if it had been there.
    if (isStorageError(error, 'conflict')) return false
    throw error
  }
}

function checkKeys(name: string, table: TableSpec, description: TableDescription): void {
  const types = new Map(
    description.AttributeDefinitions?.map((one) => [one.AttributeName, one.AttributeType]),
  )
  const wanted = keySchema(table).map((key) => `${key.AttributeName} ${key.KeyType}`)
  const found = (description.KeySchema ?? []).map((key) => `${key.AttributeName} ${key.KeyType}`)
  const keys = table.sortKey === null ? [table.partitionKey] : [table.partitionKey, table.sortKey]
  const isSame = wanted.join() === found.join() && keys.every((key) => types.get(key.name) === key.type)
  const problem = isSame
    ? indexProblem(table, description)
    : `has the keys ${found.join(', ')}, not ${wanted.join(', ')}`
  if (problem === null) return
  throw new StorageError({
    code: 'conflict',
    message: `table ${name} ${problem}; move its items to a table of another prefix, or remove it`,
    details: { table: name },
  })
}

async function reconcileRecovery(
  params: ReconcileTablesParams,
  name: string,
  options: CallOptions | undefined,
): Promise<{ state: TableReport['pointInTimeRecovery']; isChanged: boolean }> {
  if (params.pointInTimeRecovery !== true) return { state: 'as it was', isChanged: false }
  const { tables } = params.connection
  try {
    const found = await tables.describeContinuousBackups({ TableName: name }, options)
    const status =
      found.ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus
    if (status === 'ENABLED') return { state: 'on', isChanged: false }
    const wanted = { PointInTimeRecoveryEnabled: true }
    await tables.updateContinuousBackups(
      { TableName: name, PointInTimeRecoverySpecification: wanted },
      options,
    )
    return { state: 'on', isChanged: true }
  } catch (error) {
    if (isStorageError(error, 'bad_query') && error.details['driverCode'] === 'UnknownOperationException') {
      return { state: 'unsupported', isChanged: false }
    }
    throw error
  }
}
