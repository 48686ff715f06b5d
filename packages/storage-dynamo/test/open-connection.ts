import { connectDynamo, reconcileTables, type DynamoConnection, type TableSpec } from '../src/index.ts'
import { freshTables, type DynamoTestEngine } from './engine.ts'

/** A connection to tables of its own, and the way to remove them. */
export interface TestConnection extends AsyncDisposable {
  readonly connection: DynamoConnection
  close(): Promise<void>
}

/**
 * Waiting for a socket counts, and races ask for more of them at once than a busy machine serves in the usual ten
 * seconds. What happens when time runs out has tests of its own.
 */
const REQUEST_TIMEOUT_MS = 60_000

/** Connects with a fresh prefix and makes the tables named. */
export async function openConnection(
  engine: DynamoTestEngine,
  tables: readonly TableSpec[] = [],
): Promise<TestConnection> {
  const fresh = freshTables(engine)
  const connection = connectDynamo({
    endpoint: fresh.endpoint,
    tablePrefix: fresh.tablePrefix,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
  })
  await reconcileTables({ connection, tables })
  const close = async (): Promise<void> => {
    await connection.close()
    await fresh.close()
  }
  return { connection, close, [Symbol.asyncDispose]: close }
}
