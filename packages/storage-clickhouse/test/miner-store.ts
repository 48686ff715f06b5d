import { createClickHouseRepositories, migrate, packagedMigrations } from '../src/index.ts'
import type { ClickHouseConnection, ClickHouseRepositories } from '../src/index.ts'
import { connectFresh } from './connected.ts'
import type { ClickHouseTestEngine } from './engine.ts'

/** A miner's database of a test's own. */
export interface MinerStore extends AsyncDisposable {
  readonly connection: ClickHouseConnection
  readonly repositories: ClickHouseRepositories
  close(): Promise<void>
}

const start = Date.UTC(2025, 7, 2)

/** An empty migrated database with its repositories; versions count from a fixed time. */
export async function openMinerStore(engine: ClickHouseTestEngine | undefined): Promise<MinerStore> {
  const connection = await connectFresh(engine)
  await migrate(connection, { folder: await packagedMigrations('miner'), now: () => new Date(start) })
  const repositories = createClickHouseRepositories(connection, { now: () => start, writerId: 7 })
  const close = async (): Promise<void> => connection.close()
  return { connection, repositories, close, [Symbol.asyncDispose]: close }
}
