import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { type BenchmarkEpoch, type BenchmarkRunContext, type ImageType, utcDateSchema } from '@subnetkit/core'

import type { BenchmarkDeps } from '../../src/benchmark-deps.ts'
import { epochIdOf } from '../../src/benchmark-ids.ts'
import { minerDatabaseName } from '../../src/miner-database-name.ts'
import type { Sandbox, SandboxRunParams, SandboxRunResult } from '../../src/ports/sandbox.ts'

/** What a submission's program does: writes into its output, and says how it ended. */
export type Script = (
  params: Readonly<SandboxRunParams>,
  start: number,
) => Promise<Partial<SandboxRunResult> & Pick<SandboxRunResult, 'files'>>

/** A submission whose program is a script, and what became of it. */
export interface ScriptedSubmission {
  readonly deps: BenchmarkDeps
  readonly started: readonly Readonly<SandboxRunParams>[]
  /** Times that its image was built, and its tree cloned. */
  readonly made: { builds: number; clones: number }
}

const GOOD_DOCKERFILE = `FROM subnetkit/node:1
COPY main.mjs /app/main.mjs
ENTRYPOINT ["node", "/app/main.mjs"]
`

/** Real deps whose sandbox and source only act: what is tested is what happens around them. */
export function scripted(
  whole: BenchmarkDeps,
  script: Script,
  tree: Readonly<Record<string, string>> = { Dockerfile: GOOD_DOCKERFILE, 'main.mjs': 'process.exit(0)\n' },
): ScriptedSubmission {
  const started: Readonly<SandboxRunParams>[] = []
  const made = { builds: 0, clones: 0 }
  const images = new Set<string>()
  const sandbox: Sandbox = {
    name: 'scripted',
    description: 'a script instead of a sandbox',
    isRunAllowed: false,
    prepareBaseImages: async () => ['subnetkit/node:1'],
    hasImage: async (image) => images.has(image),
    buildImage: async ({ image }) => {
      made.builds += 1
      images.add(image)
      return { isBuilt: true, image, buildMs: 1 }
    },
    run: async (params) => {
      params.signal.throwIfAborted()
      started.push(params)
      const result = await script(params, started.length)
      return {
        end: 'exited',
        exitCode: 0,
        executionMs: 1_500,
        memoryPeakBytes: null,
        outputBytes: 10,
        refused: [],
        log: '',
        ...result,
      }
    },
    removeImage: async (image) => void images.delete(image),
    removeLeftovers: async () => [],
    close: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  }
  const source: BenchmarkDeps['source'] = {
    resolveHead: async () => 'c'.repeat(40),
    clone: async ({ into, commit }) => {
      made.clones += 1
      await mkdir(into)
      for (const [name, text] of Object.entries(tree)) await writeFile(join(into, name), text)
      return { isCloned: true, commit: commit ?? 'c'.repeat(40), files: 2, bytes: 100 }
    },
  }
  return { deps: { ...whole, sandbox, source }, started, made }
}

/** Writes a report as a program would. */
export async function report(
  { outputFolder }: Pick<SandboxRunParams, 'outputFolder'>,
  name: string,
  rows: readonly unknown[],
): Promise<{ files: string[] }> {
  await writeFile(join(outputFolder, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  return { files: [name] }
}

/** Leaves a link where a report should be; a sandbox that forgot to remove it must not matter. */
export async function linkedReport(
  { outputFolder }: Pick<SandboxRunParams, 'outputFolder'>,
  name: string,
  target: string,
): Promise<{ files: string[] }> {
  await symlink(target, join(outputFolder, name))
  return { files: [name] }
}

/** A registered epoch of its own, and one run of it. */
export async function newEpoch(
  deps: BenchmarkDeps,
  params: Readonly<{ hotkey: string; imageType?: ImageType; commit?: string }>,
): Promise<{ epoch: BenchmarkEpoch; context: BenchmarkRunContext }> {
  const { hotkey, imageType = 'analytics', commit = 'c'.repeat(40) } = params
  const startDate = utcDateSchema.parse('2025-08-01')
  const epochId = epochIdOf({ tournamentId: null, imageType, hotkey, startDate })
  const epoch: BenchmarkEpoch = {
    epochId,
    tournamentId: null,
    hotkey,
    imageType,
    participantType: 'miner',
    startDate,
    endDate: utcDateSchema.parse('2025-08-07'),
    status: 'running',
    repository: 'https://code.example.invalid/someone/detector',
    commit,
    treeSha256: null,
    image: null,
    minerDatabaseName: minerDatabaseName({ prefix: deps.databasePrefix, imageType, hotkey }),
    errorMessage: null,
    createdAt: deps.clock.now(),
    completedAt: null,
  }
  await deps.repositories.benchmarkEpochs.put({ epoch })
  const context = {
    epochId,
    hotkey,
    imageType,
    testDate: startDate,
    network: 'torus',
    windowDays: 7,
    runOrder: 0,
    processingDate: startDate,
  }
  return { epoch, context }
}
