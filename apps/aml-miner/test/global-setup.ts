import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { startEmbeddedClickHouse } from '@subnetkit/storage-clickhouse'
import type { TestProject } from 'vitest/node'

let stop: (() => Promise<void>) | undefined

/** One data folder with a running engine for the whole suite; tests stay apart by networks of their own. */
export async function setup(project: TestProject): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'aml-miner-data-'))
  const engine = await startEmbeddedClickHouse({ folder, lingerMs: 0 })
  stop = async () => {
    await engine.close()
    // The engine may still write while it ends.
    await rm(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 })
  }
  project.provide('dataDir', folder)
}

/** Ends the engine and removes its data. */
export async function teardown(): Promise<void> {
  await stop?.()
}
