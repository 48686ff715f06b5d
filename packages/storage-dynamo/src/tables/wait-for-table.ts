import type { TableDescription } from '@aws-sdk/client-dynamodb'
import { isStorageError, StorageError, type CallOptions } from '@subnetkit/core'

import type { DynamoConnection } from '../connect.ts'
import { pause } from '../requests/backoff.ts'

const POLL_MS = 250
const FIRST_POLL_MS = 20
/** Together about ten minutes: an index on a large table takes its time. */
const MAX_POLLS = 2_400

/**
 * Waits until a table and all its indexes can be used, and gives its description.
 *
 * @throws StorageError `timeout` after about ten minutes; asking again goes on waiting.
 */
export async function waitForTable(
  connection: DynamoConnection,
  name: string,
  options?: CallOptions,
): Promise<TableDescription> {
  for (let poll = 0; poll < MAX_POLLS; poll += 1) {
    if (poll > 0) await pause(Math.min(POLL_MS, FIRST_POLL_MS * poll), options?.signal)
    const description = await describe(connection, name, options)
    if (description !== null && isReady(description)) return description
  }
  throw new StorageError({
    code: 'timeout',
    message: `table ${name} did not become active; ask again to wait on`,
  })
}

/** Waits until a table is gone. @throws StorageError `timeout` after about ten minutes. */
export async function waitUntilGone(
  connection: DynamoConnection,
  name: string,
  options?: CallOptions,
): Promise<void> {
  for (let poll = 0; poll < MAX_POLLS; poll += 1) {
    if (poll > 0) await pause(Math.min(POLL_MS, FIRST_POLL_MS * poll), options?.signal)
    if ((await describe(connection, name, options)) === null) return
  }
  throw new StorageError({ code: 'timeout', message: `table ${name} is still being removed` })
}

async function describe(
  connection: DynamoConnection,
  name: string,
  options: CallOptions | undefined,
): Promise<TableDescription | null> {
  try {
    const output = await connection.tables.describeTable({ TableName: name }, options)
    return output.Table ?? null
  } catch (error) {
    if (isStorageError(error, 'missing_schema')) return null
    throw error
  }
}

function isReady(description: TableDescription): boolean {
  const indexes = description.GlobalSecondaryIndexes ?? []
  return description.TableStatus === 'ACTIVE' && indexes.every((index) => index.IndexStatus === 'ACTIVE')
}
