import type { GlobalSecondaryIndexDescription, TableDescription } from '@aws-sdk/client-dynamodb'
import { isStorageError, StorageError, type CallOptions } from '@subnetkit/core'

import type { DynamoConnection } from '../connect.ts'
import { attributeDefinitions, toIndex } from './table-requests.ts'
import { tableName, type IndexSpec, type TableSpec } from './table-spec.ts'
import { waitForTable } from './wait-for-table.ts'

/** Which index of which table. */
export interface AddIndexParams {
  readonly connection: DynamoConnection
  readonly table: TableSpec
  readonly index: IndexSpec
}

/**
 * Adds one index to a table that exists, and waits until it is filled.
 *
 * @throws StorageError `conflict` when the engine cannot do that (a dynalite that was not started by this package).
 */
export async function addIndex(params: AddIndexParams, options?: CallOptions): Promise<void> {
  const { connection, table, index } = params
  const name = tableName(connection.tablePrefix, table)
  try {
    await connection.tables.updateTable(
      {
        TableName: name,
        AttributeDefinitions: attributeDefinitions([table, index]),
        GlobalSecondaryIndexUpdates: [{ Create: toIndex(index) }],
      },
      options,
    )
  } catch (error) {
    // Another process may add the same index at this moment: then it is there in the end.
    const found = await waitForTable(connection, name, options)
    if (!hasIndex(found, index.name)) throw isPlainDynalite(error) ? notAdded(name, index.name, error) : error
  }
  const description = await waitForTable(connection, name, options)
  if (!hasIndex(description, index.name)) throw notAdded(name, index.name, undefined)
}

/** Whether a table has an index of that name. */
export function hasIndex(description: TableDescription, name: string): boolean {
  return description.GlobalSecondaryIndexes?.some((index) => index.IndexName === name) ?? false
}

/** What differs between the indexes that exist and their specs, as part of a sentence; null when nothing does. */
export function indexProblem(table: TableSpec, description: TableDescription): string | null {
  for (const index of table.indexes) {
    const found = description.GlobalSecondaryIndexes?.find((one) => one.IndexName === index.name)
    if (found === undefined) continue
    const wanted = shapeOf(toIndex(index))
    if (shapeOf(found) !== wanted) return `has the index ${index.name} as ${shapeOf(found)}, not ${wanted}`
  }
  return null
}

function shapeOf(index: GlobalSecondaryIndexDescription): string {
  const keys = (index.KeySchema ?? []).map((key) => `${key.AttributeName} ${key.KeyType}`)
  const attributes = [...(index.Projection?.NonKeyAttributes ?? [])].sort()
  return [...keys, index.Projection?.ProjectionType ?? '', ...attributes].join(' ')
}

/** As it comes, dynalite wants a throughput here, even on demand; given one it says yes and makes nothing. */
function isPlainDynalite(error: unknown): boolean {
  return isStorageError(error, 'bad_query') && /provisionedThroughput/.test(error.message)
}

function notAdded(table: string, index: string, cause: unknown): StorageError {
  return new StorageError({
    code: 'conflict',
    message: `table ${table}: this engine cannot add the index ${index} to a table that exists; use another table prefix, or the embedded engine, DynamoDB Local or AWS, which can`,
    cause,
    details: { table, index },
  })
}
