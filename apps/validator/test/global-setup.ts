import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { startEmbeddedDynamo } from '@subnetkit/storage-dynamo'
import type { TestProject } from 'vitest/node'

import { makeProgramFolder } from '../../../packages/core/test/shared-program.ts'

let stop: (() => Promise<void>) | undefined

/**
 * One running engine, in which tests stay apart by the prefixes of their tables, and one folder for the program, which is
 * bundled when a test first asks for it.
 */
export async function setup(project: TestProject): Promise<void> {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'
  const folder = await mkdtemp(join(tmpdir(), 'validator-engine-'))
  const engine = await startEmbeddedDynamo({ folder, lingerMs: 0 })
  const program = await makeProgramFolder(join(import.meta.dirname, '..'))
  stop = async () => {
    await rm(program, { recursive: true, force: true })
    await engine.close()
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
  project.provide('dynamoEndpoint', engine.endpoint)
  project.provide('programFolder', program)
}

/** Ends the engine and removes its data and the program. */
export async function teardown(): Promise<void> {
  await stop?.()
}
