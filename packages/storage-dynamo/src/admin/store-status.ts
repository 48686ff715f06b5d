import type { TableDescription } from '@aws-sdk/client-dynamodb'
import { isStorageError, type CallOptions } from '@subnetkit/core'

import type { DynamoConnection } from '../connect.ts'
import { findExpiry, type ExpiryCapability } from '../tables/reconcile-expiry.ts'
import { tableName, type TableSpec } from '../tables/table-spec.ts'

/** Which tables, and how exactly. */
export interface StoreStatusParams {
  readonly connection: DynamoConnection
  readonly tables: readonly TableSpec[]
  /**
   * `estimate` asks for the engine's own number, which AWS renews every six hours and the embedded engine does not
   * have; `scan` reads every item, which costs what it reads. @default 'estimate'
   */
  readonly count?: 'estimate' | 'scan'
}

/** How one index stands. */
export interface IndexStatus {
  readonly name: string
  /** `missing` when `init` has still to make it; `filling` while it lags behind; `unknown` when no spec names it. */
  readonly state: 'ready' | 'filling' | 'missing' | 'unknown'
}

/** How one table stands. */
export interface TableStatus {
  /** With the prefix. */
  readonly name: string
  /** `missing` when `init` has still to make it. */
  readonly state: 'ready' | 'changing' | 'missing'
  /** Items, expired ones included; null when it is not known. */
  readonly items: number | null
  /** Null when it is not known: the embedded engine does not count. */
  readonly bytes: number | null
  readonly indexes: readonly IndexStatus[]
  /** `sweep` also where the engine could and `init` has not switched it on yet. */
  readonly expiry: ExpiryCapability
}

/** How the tables stand. Changes nothing; a table that is missing is told, not thrown. */
export async function storeStatus(
  params: StoreStatusParams,
  options?: CallOptions,
): Promise<readonly TableStatus[]> {
  const statuses: TableStatus[] = []
  for (const table of params.tables) statuses.push(await tableStatus(params, table, options))
  return statuses
}

async function tableStatus(
  params: StoreStatusParams,
  table: TableSpec,
  options: CallOptions | undefined,
): Promise<TableStatus> {
  const { connection, count } = params
  const name = tableName(connection.tablePrefix, table)
  const description = await describe(connection, name, options)
  const indexes = indexStatuses(table, description)
  if (description === null) {
    return { name, state: 'missing', items: null, bytes: null, indexes, expiry: 'none' }
  }
  // The embedded engine says zero of everything.
  const known = (value: number | undefined): number | null =>
    value === undefined || value === 0 ? null : value
  return {
    name,
    state: description.TableStatus === 'ACTIVE' ? 'ready' : 'changing',
    items: count === 'scan' ? await countItems(connection, name, options) : known(description.ItemCount),
    bytes: known(description.TableSizeBytes),
    indexes,
    expiry: (await findExpiry({ connection, table }, options)).capability,
  }
}

async function describe(
  connection: DynamoConnection,
  name: string,
  options: CallOptions | undefined,
): Promise<TableDescription | null> {
  try {
    return (await connection.tables.describeTable({ TableName: name }, options)).Table ?? null
  } catch (error) {
    if (isStorageError(error, 'missing_schema')) return null
    throw error
  }
}

function indexStatuses(table: TableSpec, description: TableDescription | null): readonly IndexStatus[] {
  const found = new Map(
    (description?.GlobalSecondaryIndexes ?? []).map((index) => [index.IndexName ?? '', index]),
  )
  const wanted = table.indexes.map(({ name }): IndexStatus => {
    const index = found.get(name)
    if (index === undefined) return { name, state: 'missing' }
    return { name, state: index.IndexStatus === 'ACTIVE' ? 'ready' : 'filling' }
  })
  const names = new Set(table.indexes.map((index) => index.name))
  const others = [...found.keys()].filter((name) => !names.has(name))
  return [...wanted, ...others.map((name): IndexStatus => ({ name, state: 'unknown' }))]
}

async function countItems(
  connection: DynamoConnection,
  name: string,
  options: CallOptions | undefined,
): Promise<number> {
  let items = 0
  let from: Record<string, unknown> | undefined
  do {
    const page = await connection.documents.scan(
      { TableName: name, Select: 'COUNT', ...(from === undefined ? {} : { ExclusiveStartKey: from }) },
      options,
    )
    items += page.Count ?? 0
    from = page.LastEvaluatedKey
  } while (from !== undefined)
  return items
}
