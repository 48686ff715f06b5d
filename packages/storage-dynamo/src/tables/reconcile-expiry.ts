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
 * Switches the engine's own expiry on, for new tables and for those that exist.
 *
 * @throws StorageError `conflict` when it is on for another attribute: items would vanish by the wrong clock.
 */
export async function reconcileExpiry(
  params: Readonly<{ connection: DynamoConnection; table: TableSpec }>,
  options?: CallOptions,
): Promise<ExpiryOutcome> {
  const { connection, table } = params
  const attribute = table.expiryAttribute
  if (attribute === null) return { capability: 'none', isChanged: false }
  const name = tableName(connection.tablePrefix, table)
  try {
    const found = await connection.tables.describeTimeToLive({ TableName: name }, options)
    const { TimeToLiveStatus: status, AttributeName: current } = found.TimeToLiveDescription ?? {}
    if (status === 'ENABLED' || status === 'ENABLING') {
      if (current !== attribute) throw otherAttribute(name, current ?? '', attribute)
      return { capability: 'native', isChanged: false }
    }
    await connection.tables.updateTimeToLive(
      { TableName: name, TimeToLiveSpecification: { Enabled: true, AttributeName: attribute } },
      options,
    )
    return { capability: 'native', isChanged: true }
  } catch (error) {
    if (isStorageError(error, 'bad_query') && error.details['driverCode'] === 'UnknownOperationException') {
      return { capability: 'sweep', isChanged: false }
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
