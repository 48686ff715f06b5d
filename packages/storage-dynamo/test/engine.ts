import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

import { DynamoDB, ResourceNotFoundException } from '@aws-sdk/client-dynamodb'
import { describe, inject } from 'vitest'

/** A DynamoDB that the suites run on. */
export interface DynamoTestEngine {
  readonly name: 'embedded' | 'dynamodb-local' | 'server'
  readonly endpoint: string
  /** False where this machine cannot run it; its suites are then skipped by name. */
  readonly isRunning: boolean
  /** Whether tables stay until the run throws the whole engine away; else each suite removes its own. */
  readonly keepsTables: boolean
  /** Whether `UpdateTimeToLive` exists; dynalite does not have it. */
  readonly supportsTtl: boolean
}

/** Tables of one test file's own. */
export interface TestTables extends AsyncDisposable {
  readonly endpoint: string
  /** What every table name of the file must start with. */
  readonly tablePrefix: string
  /** Deletes every table whose name starts with the prefix, unless the engine keeps them. */
  close(): Promise<void>
}

declare module 'vitest' {
  interface ProvidedContext {
    dynamoEngines: DynamoTestEngine[]
  }
}

/** dynalite always, DynamoDB Local where java is, and the server of `DYNAMODB_ENDPOINT` where that is set. */
export const engines: readonly DynamoTestEngine[] = inject('dynamoEngines')

/** Runs a suite once per engine: `describeOnEachEngine('agents', (engine) => { … })`. One that cannot run is skipped by name. */
export function describeOnEachEngine(name: string, suite: (engine: DynamoTestEngine) => void): void {
  for (const engine of engines) {
    const need = engine.isRunning ? '' : ' [needs java]'
    describe.skipIf(!engine.isRunning)(`${name} on ${engine.name} DynamoDB${need}`, () => {
      suite(engine)
    })
  }
}

/**
 * The same for suites that repeat a long sequence many times, or that only combine what {@link describeOnEachEngine}
 * proves on each engine (requests, conditions, pages, tables, expiry): `npm test` leaves DynamoDB Local to the soak, which
 * runs them on each.
 */
export function describeOnEachEngineInSoak(name: string, suite: (engine: DynamoTestEngine) => void): void {
  if (process.env['SUBNETKIT_SOAK'] === '1') {
    describeOnEachEngine(name, suite)
    return
  }
  for (const engine of engines.filter((candidate) => candidate.name !== 'dynamodb-local')) {
    describe(`${name} on ${engine.name} DynamoDB`, () => {
      suite(engine)
    })
  }
}

/**
 * A random table prefix, and the way to clean up after it; on dynalite unless an engine is given. The run throws its
 * dynalite away whole at its end, so tables stay there until then: removing them costs more than most tests.
 */
export function freshTables(engine: DynamoTestEngine | undefined = engines[0]): TestTables {
  if (engine === undefined) throw new Error('no engine: is test/global-setup.ts in the configuration?')
  const { endpoint, keepsTables } = engine
  const tablePrefix = `t${randomUUID().replaceAll('-', '')}`
  const close = async (): Promise<void> => {
    if (!keepsTables) await deleteTables(endpoint, tablePrefix)
  }
  return { endpoint, tablePrefix, close, [Symbol.asyncDispose]: close }
}

/** Deletes every table whose name starts with the prefix, and waits until they are gone. */
export async function deleteTables(endpoint: string, prefix: string): Promise<void> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = new DynamoDB({ endpoint, region: 'us-east-1', credentials })
  try {
    let start: string | undefined
    do {
      const page = await client.listTables(start === undefined ? {} : { ExclusiveStartTableName: start })
      const own = (page.TableNames ?? []).filter((name) => name.startsWith(prefix))
      for (const name of own) {
        await client.deleteTable({ TableName: name })
        await waitUntilGone(client, name)
      }
      start = page.LastEvaluatedTableName
    } while (start !== undefined)
  } finally {
    client.destroy()
  }
}

/** An engine removes a table after it has answered. */
async function waitUntilGone(client: DynamoDB, name: string): Promise<void> {
  for (;;) {
    try {
      await client.describeTable({ TableName: name })
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return
      throw error
    }
    await sleep(10)
  }
}
