import { randomUUID } from 'node:crypto'
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { Sandbox, SandboxLimits, SandboxRunResult } from '../src/ports/sandbox.ts'
import type { StartedSandbox } from './sandbox-engines.ts'

const MIB = 1_048_576

/** Limits that an honest program keeps with ease. */
export const roomyLimits: SandboxLimits = {
  memoryBytes: 256 * MIB,
  cpus: 1,
  pids: 64,
  fileBytes: 8 * MIB,
  outputBytes: 4 * MIB,
  tmpBytes: 4 * MIB,
  timeLimitMs: 60_000,
  logBytes: 16_384,
}

/** What a program is started with. */
export interface ProgramRun {
  readonly program: string
  readonly image: string
  readonly environment?: Readonly<Record<string, string>>
  readonly limits?: Partial<SandboxLimits>
  readonly signal?: AbortSignal
}

/** A run, and what can be looked up about it afterwards. */
export interface FinishedRun extends SandboxRunResult {
  /** Stands in the environment of each of its processes. */
  readonly token: string
  readonly outputFolder: string
  readonly last: unknown
}

/** The name of the image that {@link buildCast} makes FROM a base image. */
export function castImage(base: string): string {
  return `subnetkit-cast/${base.replaceAll(/[^a-z]+/g, '-')}x:1`
}

/** Builds one image with all programs of `test/hostile`. */
export async function buildCast(started: StartedSandbox, base: string): Promise<void> {
  const tree = join(started.place, `tree-${randomUUID()}`)
  await cp(join(import.meta.dirname, 'hostile'), tree, { recursive: true })
  const lines = [
    `FROM ${base}`,
    'ENV MODE=fast',
    'WORKDIR /app',
    'COPY . /app/',
    'USER 65534',
    'ENTRYPOINT ["node", "main.mjs"]',
  ]
  await writeFile(join(tree, 'Dockerfile'), lines.join('\n'))
  const signal = new AbortController().signal
  const built = await started.sandbox.buildImage({
    tree,
    image: castImage(base),
    timeLimitMs: 120_000,
    signal,
  })
  if (!built.isBuilt) throw new Error(`${built.reason} ${built.log}`)
}

/** Runs one program of the cast. */
export async function runProgram(started: StartedSandbox, run: ProgramRun): Promise<FinishedRun> {
  const token = randomUUID()
  const inputFolder = join(started.place, `input-${token}`)
  const outputFolder = join(started.place, `output-${token}`)
  await mkdir(inputFolder)
  await mkdir(outputFolder)
  await writeFile(join(inputFolder, 'transfers.parquet'), 'transfers')
  const sandbox: Sandbox = started.sandbox
  const result = await sandbox.run({
    image: run.image,
    name: `subnetkit-test-${token}`,
    inputFolder,
    outputFolder,
    environment: { PROGRAM: run.program, TOKEN: token, ...run.environment },
    limits: { ...roomyLimits, ...run.limits },
    isGpuWanted: false,
    signal: run.signal ?? new AbortController().signal,
  })
  return { ...result, token, outputFolder, last: lastLine(result.log) }
}

function lastLine(log: string): unknown {
  try {
    return JSON.parse(log.trim().split('\n').at(-1) ?? '')
  } catch {
    return null
  }
}

/** Processes and threads of this machine whose environment holds a word. */
export async function tasksWith(word: string): Promise<number> {
  let tasks = 0
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
    if (!environment.includes(word)) continue
    tasks += await readdir(`/proc/${pid}/task`).then(
      (names) => names.length,
      () => 0,
    )
  }
  return tasks
}
