import { connectDynamo, reconcileTables, type DynamoConnection, type TableSpec } from '../src/index.ts'
import { freshTables, type DynamoTestEngine } from './engine.ts'

/** A connection to tables of its own, and the way to remove them. */
export interface TestConnection extends AsyncDisposable {
  readonly connection: DynamoConnection
  close(): Promise<void>
}

/** Connects with a fresh prefix and makes the tables named. */
export async function openConnection(
  engine: DynamoTestEngine,
  tables: readonly TableSpec[] = [],
): Promise<TestConnection> {
  const fresh = freshTables(engine)
  const connection = connectDynamo({ endpoint: fresh.endpoint, tablePrefix: fresh.tablePrefix })
  await reconcileTables({ connection, tables })
  const close = async (): Promise<void> => {
    await connection.close()
    await fresh.close()
  }
  return { connection, close, [Symbol.asyncDispose]: close }
}
