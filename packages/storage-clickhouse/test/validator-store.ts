import { createClickHouseRecordRepositories, migrate, packagedMigrations } from '../src/index.ts'
import type { ClickHouseConnection, ClickHouseRecordRepositories } from '../src/index.ts'
import { connectFresh } from './connected.ts'
import type { ClickHouseTestEngine } from './engine.ts'

/** A validator's database of a test's own. */
export interface ValidatorStore extends AsyncDisposable {
  readonly connection: ClickHouseConnection
  readonly repositories: ClickHouseRecordRepositories
  close(): Promise<void>
}

const start = Date.UTC(2025, 7, 2)

/** An empty migrated database with its repositories; versions count from a fixed time. */
export async function openValidatorStore(engine: ClickHouseTestEngine | undefined): Promise<ValidatorStore> {
  const connection = await connectFresh(engine)
  await migrate(connection, { folder: await packagedMigrations('validator'), now: () => new Date(start) })
  const repositories = createClickHouseRecordRepositories(connection, { now: () => start, writerId: 7 })
  const close = async (): Promise<void> => connection.close()
  return { connection, repositories, close, [Symbol.asyncDispose]: close }
}
