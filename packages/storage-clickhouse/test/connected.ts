import type { ClickHouseConnection, ConnectOptions } from '../src/index.ts'
import { connectClickHouse } from '../src/index.ts'
import { freshDatabase, type ClickHouseTestEngine } from './engine.ts'

/** A connection to an empty database of its own; closing it drops the database. */
export async function connectFresh(
  engine: ClickHouseTestEngine | undefined,
  options: Omit<ConnectOptions, 'url' | 'params' | 'database'> = {},
): Promise<ClickHouseConnection> {
  const database = await freshDatabase(engine)
  const connection = await connectClickHouse({ url: database.url, database: database.database, ...options })
  const close = async (): Promise<void> => {
    await connection.close()
    await database.close()
  }
  return { ...connection, close, [Symbol.asyncDispose]: close }
}

/** The first column of a statement's answer, line by line, as TabSeparated text. */
export async function readText(connection: ClickHouseConnection, sql: string): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of connection.read({ sql })) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
