import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

import { startEmbeddedDynamo } from '@subnetkit/storage-dynamo'
import { inject } from 'vitest'

import { sharedProgram } from '../../../packages/core/test/shared-program.ts'

declare module 'vitest' {
  interface ProvidedContext {
    programFolder: string
  }
}

/** How a command ended. */
export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The bundled program over a data folder of its own, whose engine is held so that each command joins it. */
export interface ValidatorUnderTest extends AsyncDisposable {
  readonly dataDir: string
  /** The process of the embedded engine. */
  readonly enginePid: number
  /** Of the engine: what `DYNAMODB_ENDPOINT` would name. */
  readonly endpoint: string
  /** Runs one command to its end. */
  run(args: readonly string[], environment?: Record<string, string>): Promise<Ran>
  /** Starts one that goes on; its output is piped. The caller ends it. */
  start(args: readonly string[], environment?: Record<string, string>): ChildProcess
}

/** The program as one file; the first call of a run waits for it to be bundled. */
export async function bundledValidator(): Promise<{ readonly main: string }> {
  return await sharedProgram(join(import.meta.dirname, '..'), inject('programFolder'))
}

/** Starts an engine for the program; closing removes everything. */
export async function startValidatorUnderTest(): Promise<ValidatorUnderTest> {
  const dataDir = await mkdtemp(join(tmpdir(), 'validator-test-'))
  const [program, engine] = await Promise.all([
    bundledValidator(),
    startEmbeddedDynamo({ folder: dataDir, lingerMs: 0 }),
  ])
  const start = (args: readonly string[], environment: Record<string, string> = {}): ChildProcess =>
    spawn(process.execPath, [program.main, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], USER: 'alice', SUBNETKIT_DATA: dataDir, ...environment },
    })
  return {
    dataDir,
    enginePid: engine.pid,
    endpoint: engine.endpoint,
    start,
    run: async (args, environment) => {
      const child = start(args, environment)
      const closed = once(child, 'close')
      const [stdout, stderr] = await Promise.all([child.stdout, child.stderr].map(textOf))
      await closed
      return { code: child.exitCode, stdout: stdout ?? '', stderr: stderr ?? '' }
    },
    [Symbol.asyncDispose]: async () => {
      await engine.close()
      await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
    },
  }
}

async function textOf(stream: NodeJS.ReadableStream | null): Promise<string> {
  return stream === null ? '' : await text(stream)
}
