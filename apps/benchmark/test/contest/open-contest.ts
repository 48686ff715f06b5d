import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import {
  type BenchmarkRun,
  benchmarkRunContextSchema,
  createInProcessQueue,
  runTask,
  silentLogger,
  StorageError,
  type Task,
} from '@subnetkit/core'

import type { BenchmarkDeps } from '../../src/benchmark-deps.ts'
import { composeBenchmark } from '../../src/compose.ts'
import { readConfig } from '../../src/config.ts'
import type { ContestDeps } from '../../src/tasks/contests/contest-deps.ts'
import { completedRun, newRun } from '../../src/tasks/runs/run-row.ts'

/** A real store and real locks in a folder of their own; submissions are only acted. */
export interface Contest extends AsyncDisposable {
  readonly deps: BenchmarkDeps
}

/** Opens a store for one test file. */
export async function openContest(): Promise<Contest> {
  const folder = await mkdtemp(join(tmpdir(), 'benchmark-contest-'))
  const benchmark = await composeBenchmark({
    config: readConfig({}, folder),
    session: { dataDir: folder, signal: new AbortController().signal, log: silentLogger },
    isLocalAllowed: false,
    sandboxKind: 'auto',
    needs: [],
  })
  return {
    deps: benchmark.deps,
    [Symbol.asyncDispose]: async () => {
      await benchmark[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 })
    },
  }
}

/** How a submission acts, by the last part of its repository's address. */
export const acts = {
  strong: { found: 9, reported: 10 },
  middle: { found: 6, reported: 10 },
  weak: { found: 2, reported: 5 },
  empty: { found: 0, reported: 0 },
  bad: { found: 5, reported: 10, badData: 1 },
  fabricator: { found: 9, reported: 10, fabricated: 1 },
  crash: null,
  refused: null,
} as const
/** One of {@link acts}. */
export type Act = keyof typeof acts

/** The address of a submission that acts like this; its files are its hotkey's own, unless `files` names those of several. */
export function repositoryOf(act: Act, files = ''): string {
  return `https://code.example.invalid${files === '' ? '' : `/files/${files}`}/${act}`
}

function treeOf(repository: string, hotkey: string): string {
  const files = /\/files\/([^/]+)\//.exec(repository)?.[1] ?? hotkey
  return createHash('sha256').update(files).digest('hex')
}

const COMMIT = 'c'.repeat(40)

/**
 * Deps of a contest in which submissions are acted. `performed` gets the id of every run that is started; where the machine
 * `isBroken` for an act, its runs and its preparation fail.
 */
export function actedDeps(
  deps: BenchmarkDeps,
  performed: string[] = [],
  isBroken: (act: string) => boolean = () => false,
): ContestDeps & Pick<BenchmarkDeps, 'source' | 'sandbox' | 'standalone' | 'workFolder'> {
  const actOf = (repository: string): string => repository.split('/').at(-1) ?? ''
  const sandbox: BenchmarkDeps['sandbox'] = {
    ...deps.sandbox,
    name: 'acted',
    description: 'nothing is run',
    isRunAllowed: false,
    removeImage: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  }
  return {
    ...deps,
    sandbox,
    source: { ...deps.source, resolveHead: async () => COMMIT },
    prepare: async ({ repository, hotkey }) => {
      const act = actOf(repository)
      if (act === 'empty' && isBroken(act)) throw machineFailure()
      return act === 'refused'
        ? { isReady: false, step: 'scan', reason: 'main.mjs:1: starts a shell (malware)' }
        : { isReady: true, image: `acted/${hotkey}:1`, treeSha256: treeOf(repository, hotkey) }
    },
    queue: createInProcessQueue({
      concurrency: 4,
      handlers: {
        'benchmark-run': async (raw) => {
          const context = benchmarkRunContextSchema.parse(raw)
          const { benchmarkEpochs, benchmarkRuns } = deps.repositories
          const epoch = await benchmarkEpochs.get({ epochId: context.epochId })
          const run = newRun(context, epoch, deps.clock.now())
          if (isBroken(actOf(epoch.repository))) throw machineFailure()
          performed.push(run.runId)
          await benchmarkRuns.put({ run: actedRun(run, actOf(epoch.repository), deps.clock.now()) })
        },
      },
    }),
  }
}

function machineFailure(): StorageError {
  return new StorageError({ code: 'unavailable', message: 'the disk is full' })
}

function actedRun(run: BenchmarkRun, act: string, now: Date): BenchmarkRun {
  const ended = { ...run, attempts: 1, sandbox: 'acted', executionMs: 1_000, exitCode: 0, startedAt: now }
  const known = Object.entries(acts).find(([name]) => name === act)?.[1] ?? null
  if (known === null) {
    return { ...ended, status: 'failed', exitCode: 3, errorMessage: 'exit code 3', completedAt: now }
  }
  const outcome = { kind: 'patterns' as const, expected: 10, badData: 0, fabricated: 0, ...known }
  return completedRun(ended, { outcome, features: null, errorMessage: null }, now)
}

/** Runs a task as a command would, without a log. */
export async function perform<Deps, Context, Result>(
  task: Task<Deps, Context, Result>,
  deps: Deps & Pick<BenchmarkDeps, 'clock'>,
  context: unknown,
): Promise<Result> {
  return await runTask(task, deps, context, { clock: deps.clock, random: () => 0.5 })
}
