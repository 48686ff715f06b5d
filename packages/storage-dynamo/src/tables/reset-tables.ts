import { InputError, isStorageError, type CallOptions } from '@subnetkit/core'

import type { DynamoConnection } from '../connect.ts'
import { listTables } from './list-tables.ts'
import { reconcileTables, type TableReport } from './reconcile-tables.ts'
import type { TableSpec } from './table-spec.ts'
import { waitUntilGone } from './wait-for-table.ts'

/** What to destroy, and the proof that it is meant. */
export interface ResetTablesParams {
  readonly connection: DynamoConnection
  readonly tables: readonly TableSpec[]
  /** The prefix, as a person typed it: never filled in by code. */
  readonly typedPrefix: string
}

/**
 * Removes the tables of the specs with all their items, then makes them anew. Tables of other prefixes and unknown
 * tables stay. A crash in the middle is finished by the next call.
 *
 * @throws InputError when `typedPrefix` is not exactly the connection's prefix; nothing is touched then.
 */
export async function resetTables(
  params: ResetTablesParams,
  options?: CallOptions,
): Promise<readonly TableReport[]> {
  const { connection, tables, typedPrefix } = params
  if (typedPrefix !== connection.tablePrefix) {
    throw new InputError({
      field: 'prefix',
      value: typedPrefix,
      problem: 'is not the prefix of the tables that would be destroyed',
      hint: `type ${connection.tablePrefix} to confirm`,
    })
  }
  const { known } = await listTables({ connection, tables }, options)
  for (const name of known) {
    await removeTable(connection, name, options)
    await waitUntilGone(connection, name, options)
  }
  return reconcileTables({ connection, tables }, options)
}

async function removeTable(
  connection: DynamoConnection,
  name: string,
  options: CallOptions | undefined,
): Promise<void> {
  try {
    await connection.tables.deleteTable({ TableName: name }, options)
  } catch (error) {
    // Another reset is at it: the wait that follows sees it go.
    if (!isStorageError(error, 'missing_schema') && !isStorageError(error, 'conflict')) throw error
  }
}
