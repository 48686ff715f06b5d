import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { startEmbeddedClickHouse } from '@subnetkit/storage-clickhouse'
import type { TestProject } from 'vitest/node'

import { makeProgramFolder } from '../../../packages/core/test/shared-program.ts'

let stop: (() => Promise<void>) | undefined

/**
 * One data folder with a running engine for the whole suite, where tests stay apart by networks of their own, and one
 * folder for the program, which is bundled when a test first asks for it.
 */
export async function setup(project: TestProject): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'aml-miner-data-'))
  const engine = await startEmbeddedClickHouse({ folder, lingerMs: 0 })
  const program = await makeProgramFolder(join(import.meta.dirname, '..'))
  stop = async () => {
    await rm(program, { recursive: true, force: true })
    await engine.close()
    // The engine may still write while it ends.
    await rm(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 })
  }
  project.provide('dataDir', folder)
  project.provide('programFolder', program)
}

/** Ends the engine and removes its data. */
export async function teardown(): Promise<void> {
  await stop?.()
}
