import { randomUUID } from 'node:crypto'

import { createClient } from '@clickhouse/client'
import { describe, inject } from 'vitest'

/** A ClickHouse that the suites run on. */
export interface ClickHouseTestEngine {
  readonly name: 'embedded' | 'server'
  /** With user and password, as a client takes it. */
  readonly url: string
}

/** A database of one test file's own. */
export interface TestDatabase extends AsyncDisposable {
  readonly url: string
  readonly database: string
  /** Drops the database with all that is in it. */
  close(): Promise<void>
}

declare module 'vitest' {
  interface ProvidedContext {
    clickHouseEngines: ClickHouseTestEngine[]
  }
}

/** The embedded server always, and the one of `CLICKHOUSE_URL` where that is set. */
export const engines: readonly ClickHouseTestEngine[] = inject('clickHouseEngines')

/** Runs a suite once per engine: `describeOnEachEngine('scores', (engine) => { … })`. */
export function describeOnEachEngine(name: string, suite: (engine: ClickHouseTestEngine) => void): void {
  for (const engine of engines)
    describe(`${name} on ${engine.name} ClickHouse`, () => {
      suite(engine)
    })
}

/** An empty database with a random name; on the embedded server unless an engine is given. */
export async function freshDatabase(
  engine: ClickHouseTestEngine | undefined = engines[0],
): Promise<TestDatabase> {
  if (engine === undefined) throw new Error('no engine: is test/global-setup.ts in the configuration?')
  const database = `test_${randomUUID().replaceAll('-', '')}`
  await run(engine.url, `CREATE DATABASE ${database}`)
  const close = (): Promise<void> => run(engine.url, `DROP DATABASE IF EXISTS ${database} SYNC`)
  return { url: engine.url, database, close, [Symbol.asyncDispose]: close }
}

async function run(url: string, query: string): Promise<void> {
  const client = createClient({ url })
  try {
    await client.command({ query })
  } finally {
    await client.close()
  }
}
