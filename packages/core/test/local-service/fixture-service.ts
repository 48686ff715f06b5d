import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { z } from 'zod'

import { joinLocalService } from '../../src/local-service/join-local-service.ts'
import type { JoinLocalServiceOptions, LocalService } from '../../src/local-service/join-local-service.ts'

/** How the fixture behaves. */
export interface FixtureBehaviour {
  readonly startMs?: number
  readonly failWith?: string
  readonly noteStop?: boolean
}

/** What the fixture tells its users. */
export interface FixtureInfo {
  readonly greeting: string
}

const script = fileURLToPath(new URL('fixture-service.mjs', import.meta.url))
const info = z.strictObject({ greeting: z.string() })

/** Joins the fixture service of a folder. */
export function joinFixture(
  folder: string,
  behaviour: FixtureBehaviour = {},
  options: Partial<JoinLocalServiceOptions<FixtureInfo>> = {},
): Promise<LocalService<FixtureInfo>> {
  const command = [script, JSON.stringify(behaviour)]
  return joinLocalService({ name: 'fixture', folder, command, info, lingerMs: 300, ...options })
}

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'subnetkit-local-service-'))
  return {
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }),
  }
}

/** The pids of all fixture services that ever started in a folder. */
export async function startedPids(folder: string): Promise<number[]> {
  const text = await readFile(join(folder, 'starts.txt'), 'utf8').catch(() => '')
  return text.split('\n').filter(Boolean).map(Number)
}
