import { isStorageError, StorageError, type CallOptions } from '@subnetkit/core'

import type { DynamoConnection } from '../connect.ts'
import { tableName, type TableSpec } from './table-spec.ts'

/**
 * Who removes expired items: the engine itself (`native`), a caller of `sweepExpired` (`sweep`), or nobody, since
 * items of the table never expire (`none`). Readers hide expired items in every case.
 */
export type ExpiryCapability = 'native' | 'sweep' | 'none'

/** What was found, and whether it had to be switched on. */
export interface ExpiryOutcome {
  readonly capability: ExpiryCapability
  readonly isChanged: boolean
}

/**
 * Who removes expired items of a table now, without changing it: `sweep` too where the engine could, but was not told.
 *
 * @throws StorageError `conflict` when it is on for another attribute: items would vanish by the wrong clock.
 */
export async function findExpiry(
  params: Readonly<{ connection: DynamoConnection; table: TableSpec }>,
  options?: CallOptions,
): Promise<Pick<ExpiryOutcome, 'capability'>> {
  const { connection, table } = params
  const attribute = table.expiryAttribute
  if (attribute === null) return { capability: 'none' }
  const name = tableName(connection.tablePrefix, table)
  const found = await orUnknown(connection.tables.describeTimeToLive({ TableName: name }, options))
  const { TimeToLiveStatus: status, AttributeName: current } = found?.TimeToLiveDescription ?? {}
  if (status !== 'ENABLED' && status !== 'ENABLING') return { capability: 'sweep' }
  if (current !== attribute) throw otherAttribute(name, current ?? '', attribute)
  return { capability: 'native' }
}

/**
 * Switches the engine's own expiry on, for new tables and for those that exist.
 *
 * @throws StorageError `conflict` when it is on for another attribute: items would vanish by the wrong clock.
 */
export async function reconcileExpiry(
  params: Readonly<{ connection: DynamoConnection; table: TableSpec }>,
  options?: CallOptions,
): Promise<ExpiryOutcome> {
  const { connection, table } = params
  const found = await findExpiry(params, options)
  if (table.expiryAttribute === null || found.capability !== 'sweep') return { ...found, isChanged: false }
  const specification = { Enabled: true, AttributeName: table.expiryAttribute }
  const name = tableName(connection.tablePrefix, table)
  const changed = await orUnknown(
    connection.tables.updateTimeToLive({ TableName: name, TimeToLiveSpecification: specification }, options),
  )
  if (changed === null) return { capability: 'sweep', isChanged: false }
  return { capability: 'native', isChanged: true }
}

/** Null when the engine does not know the operation. */
async function orUnknown<Output>(call: Promise<Output>): Promise<Output | null> {
  try {
    return await call
  } catch (error) {
    if (isStorageError(error, 'bad_query') && error.details['driverCode'] === 'UnknownOperationException') {
      return null
    }
    throw error
  }
}

function otherAttribute(table: string, current: string, wanted: string): StorageError {
  return new StorageError({
    code: 'conflict',
    message: `table ${table} expires items by ${current}, not by ${wanted}; switch its time to live off first`,
    details: { table },
  })
}
