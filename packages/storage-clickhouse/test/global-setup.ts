import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { TestProject } from 'vitest/node'

import { startEmbeddedClickHouse } from '../src/embedded/start-embedded-clickhouse.ts'
import type { ClickHouseTestEngine } from './engine.ts'

let stop: (() => Promise<void>) | undefined

/** One embedded server for the whole run, and the server of `CLICKHOUSE_URL` beside it where that is set. */
export async function setup(project: TestProject): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'subnetkit-clickhouse-test-'))
  const embedded = await startEmbeddedClickHouse({ folder, lingerMs: 0 })
  stop = async () => {
    await embedded.close()
    // The server may still write while it ends.
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
  const engines: ClickHouseTestEngine[] = [{ name: 'embedded', url: embedded.url }]
  const server = process.env['CLICKHOUSE_URL']
  if (server !== undefined && server !== '') engines.push({ name: 'server', url: server })
  project.provide('clickHouseEngines', engines)
}

/** Ends the server and removes its data. */
export async function teardown(): Promise<void> {
  await stop?.()
}
