import type { ClickHouseConnection } from './connection.ts'
import { quoteIdentifier } from './quote-identifier.ts'

/**
 * Creates a database if it does not exist, on the whole cluster where there is one. Harmless when repeated, also by
 * several processes at once.
 *
 * @throws StorageError `invalid_input` for a bad name, `forbidden` when the user may not create databases.
 */
export async function createDatabase(
  connection: ClickHouseConnection,
  name: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<void> {
  const onCluster = connection.cluster === null ? '' : ` ON CLUSTER ${quoteIdentifier(connection.cluster)}`
  await connection.withDatabase('default').command({
    sql: `CREATE DATABASE IF NOT EXISTS ${quoteIdentifier(name)}${onCluster}`,
    isRepeatable: true,
    ...options,
  })
}
