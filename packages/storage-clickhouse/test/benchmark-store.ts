import { minerDatabaseNameSchema, type MinerDatabaseName } from '@subnetkit/core'

import { createClickHouseBenchmarkRepositories, migrate, packagedMigrations } from '../src/index.ts'
import type { ClickHouseBenchmarkRepositories, ClickHouseConnection } from '../src/index.ts'
import { connectFresh } from './connected.ts'
import type { ClickHouseTestEngine } from './engine.ts'

/** A benchmark's databases of a test's own. */
export interface BenchmarkStore extends AsyncDisposable {
  readonly connection: ClickHouseConnection
  readonly repositories: ClickHouseBenchmarkRepositories
  /** A name that no other test uses; the database of that name goes with the store. */
  newMinerDatabase(): MinerDatabaseName
  close(): Promise<void>
}

const start = Date.UTC(2025, 7, 2)

/** An empty migrated control database with its repositories; versions count from a fixed time. */
export async function openBenchmarkStore(engine: ClickHouseTestEngine | undefined): Promise<BenchmarkStore> {
  const connection = await connectFresh(engine)
  await migrate(connection, { folder: await packagedMigrations('benchmark'), now: () => new Date(start) })
  const repositories = createClickHouseBenchmarkRepositories(connection, { now: () => start, writerId: 7 })
  // The part of the random name that makes it unique, short enough for a prefix.
  const prefix = `t${connection.database.slice(-20)}`
  const made: MinerDatabaseName[] = []
  const close = async (): Promise<void> => {
    for (const minerDatabase of made) await repositories.minerOutputs.drop({ minerDatabase })
    await connection.close()
  }
  return {
    connection,
    repositories,
    newMinerDatabase() {
      const name = minerDatabaseNameSchema.parse(`${prefix}_analytics_${made.length}`)
      made.push(name)
      return name
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}
