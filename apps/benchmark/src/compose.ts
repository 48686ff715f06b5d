import { randomBytes, randomUUID } from 'node:crypto'
import { join } from 'node:path'

import { type Clock, createClock, type Logger, type Metrics } from '@subnetkit/core'
import type { CommandSession } from '@subnetkit/core/cli'

import { keptSeed } from './adapters/contest-seed.ts'
import { LazySandbox } from './adapters/lazy-sandbox.ts'
import { lazySource } from './adapters/lazy-source.ts'
import { claimWriter } from './adapters/locks/claim-writer.ts'
import { openLocks } from './adapters/locks/open-locks.ts'
import { OpenedThings } from './adapters/opened-things.ts'
import type { BenchmarkDeps } from './benchmark-deps.ts'
import type { Config } from './config.ts'
import type { BenchmarkLocks } from './ports/locks.ts'
import type { RedisLanes } from './queue/open-redis-lanes.ts'
import type { Migrator } from './tasks/initialise.ts'

/** Which sandbox is wanted; `auto` takes a container engine where one answers, else bubblewrap. */
export const sandboxKinds = ['auto', 'container', 'bubblewrap'] as const
/** One of {@link sandboxKinds}. */
export type SandboxKind = (typeof sandboxKinds)[number]

/**
 * What a command cannot do without, so that it fails before it begins: `writer`, that it may write although others do;
 * `sandbox`, that submissions can be run here. Everything else is opened when it is asked for.
 */
export type BenchmarkNeed = 'writer' | 'sandbox'

/** The benchmark, put together; close it at the end. */
export interface Benchmark extends AsyncDisposable, Migrator {
  readonly deps: BenchmarkDeps
  readonly clock: Clock
  /** In [0, 1); spreads the pauses between attempts, nothing else. */
  readonly random: () => number
  /** Where the tables are, for a person. */
  readonly store: string
  readonly isEmbedded: boolean
  /** Aborts when the embedded engine ended while it was in use: put the benchmark together again, the data is kept. */
  readonly lost: AbortSignal
  /** Asks the engine for a sign of life; rejects when it does not answer. */
  ping(signal?: AbortSignal): Promise<void>
}

/** How the benchmark is put together. */
export interface ComposeBenchmarkParams {
  readonly config: Config
  readonly session: Pick<CommandSession, 'dataDir' | 'signal'> & { readonly log: Logger }
  /** Whether repositories of this machine may be cloned. */
  readonly isLocalAllowed: boolean
  readonly sandboxKind: SandboxKind
  readonly needs: readonly BenchmarkNeed[]
  readonly metrics?: Metrics
}

/** The machine's clock. */
export function systemClock(): Clock {
  return createClock({ now: () => Date.now(), monotonicMs: () => performance.now() })
}

/** Name of the control database, and first part of the names of the miners' own: never derived from a network. */
const DATABASE = 'benchmark'
const WRITER_IDS = 1_024

/**
 * Puts the benchmark together: the one place that knows its store. The engine is the embedded one unless `CLICKHOUSE_URL`
 * or `CLICKHOUSE_HOST` names a server; an embedded control database is brought to the newest schema at once, a server's is
 * `init`'s business.
 *
 * @throws InputError or StorageError `locked` when `writer` is needed and others may write; InputError when `sandbox` is
 *   needed and there is none.
 */
export async function composeBenchmark(params: ComposeBenchmarkParams): Promise<Benchmark> {
  const opened = new OpenedThings()
  try {
    return await openAll(params, opened)
  } catch (error) {
    await opened[Symbol.asyncDispose]()
    throw error
  }
}

async function openAll(params: ComposeBenchmarkParams, opened: OpenedThings): Promise<Benchmark> {
  const { config, metrics, needs, session } = params
  const { log, signal } = session
  const store = await import('@subnetkit/storage-clickhouse')
  const connectionParams = store.readConnectionParams(config.environment, { database: DATABASE })
  const clock = systemClock()
  if (needs.includes('writer')) {
    const { redisUrl, isSingleWriter } = config
    const { url: storeUrl, database } = connectionParams
    const claim = await claimWriter({ storeUrl, database, redisUrl, isSingleWriter, signal })
    if (claim !== null) opened.use(claim)
  }
  const { dataDir: dataFolder } = session
  const locks = opened.use(await openLocks({ dataFolder, redisUrl: config.redisUrl, clock, signal }))
  const folder = join(dataFolder, 'benchmark')
  const sandbox = opened.use(lazySandbox(params, join(folder, 'sandbox')))
  if (needs.includes('sandbox')) await sandbox.open()
  let lost = new AbortController().signal
  const connection = opened.use(
    await store.connectClickHouse({
      params: connectionParams,
      startEmbedded: async (options) => {
        const server = await store.startEmbeddedClickHouse({ folder: dataFolder, ...options })
        lost = server.lost
        return server
      },
      signal,
      logger: log,
      ...(metrics === undefined ? {} : { metrics }),
    }),
  )
  const isEmbedded = connectionParams.mode === 'embedded'
  const migrate: Migrator['migrate'] = async ({ isDryRun, signal: stop }) => {
    const migrations = await store.packagedMigrations('benchmark')
    const options = { folder: migrations, now: clock.now, dryRun: isDryRun, signal: stop, logger: log }
    const { applied } = await store.migrate(connection, options)
    return { database: connection.database, migrations: applied }
  }
  if (isEmbedded) await migrateAlone(locks, migrate, signal)
  const { openDatasetStore } = await import('./adapters/open-dataset-store.ts')
  const now = (): number => clock.now().getTime()
  const deps: BenchmarkDeps = {
    repositories: store.createClickHouseBenchmarkRepositories(connection, {
      now,
      writerId: process.pid % WRITER_IDS,
    }),
    clock,
    locks,
    sandbox,
    source: lazySource(async () => {
      const { openGitSource } = await import('./adapters/git/open-git-source.ts')
      return await openGitSource({ isLocalAllowed: params.isLocalAllowed, log })
    }),
    reviewer: await openReviewer(config),
    datasets: openDatasetStore({ folder: join(folder, 'datasets'), locks, now }),
    workFolder: join(folder, 'work'),
    databasePrefix: DATABASE,
    limits: config.limits,
    isGpuWanted: config.isGpuWanted,
    standalone: { ...config.standalone, datasetSeed: await standaloneSeed(config, folder, locks, signal) },
    runAttempts: config.runAttempts,
  }
  return {
    deps,
    clock,
    random: Math.random,
    store: isEmbedded
      ? `embedded ClickHouse in ${dataFolder}, database ${DATABASE}`
      : `ClickHouse at ${connectionParams.url ?? ''}, database ${DATABASE}`,
    isEmbedded,
    lost,
    migrate,
    ping: async (stop) => {
      await connection.command({ sql: 'SELECT 1', ...(stop === undefined ? {} : { signal: stop }) })
    },
    [Symbol.asyncDispose]: async () => await opened[Symbol.asyncDispose](),
  }
}

const MIGRATION_WAIT_MS = 120_000

/** Two commands that start at once must not make the same tables at once. */
async function migrateAlone(
  locks: BenchmarkLocks,
  migrate: Migrator['migrate'],
  signal: AbortSignal,
): Promise<void> {
  await using _lock = await locks.acquire({ name: 'migrations', waitMs: MIGRATION_WAIT_MS, signal })
  await migrate({ isDryRun: false, signal })
}

/** Empty where machines share a Redis and were not told a common seed: each would make its own worlds. */
async function standaloneSeed(
  { standalone, redisUrl }: Config,
  folder: string,
  locks: BenchmarkLocks,
  signal: AbortSignal,
): Promise<string> {
  if (standalone.datasetSeed !== null) return standalone.datasetSeed
  if (redisUrl !== null) return ''
  return await keptSeed({ folder, locks, newSeed: () => randomBytes(24).toString('hex'), signal })
}

async function openReviewer({ reviewer }: Config): Promise<BenchmarkDeps['reviewer']> {
  if (reviewer === null) return null
  const { openRouterReviewer } = await import('./adapters/reviewer/open-router-reviewer.ts')
  return openRouterReviewer(reviewer)
}

/** The lanes in Redis for who only looks at them or sets schedules: nothing is worked at, and no store is opened. */
export async function composeIdleLanes(
  url: string,
  { log, signal }: Pick<ComposeBenchmarkParams['session'], 'log' | 'signal'>,
): Promise<RedisLanes> {
  const { openRedisLanes } = await import('./queue/open-redis-lanes.ts')
  const concurrency = { runs: 0, days: 0 }
  const clock = machineClock()
  return await openRedisLanes({ url, kinds: {}, concurrency, clock, newToken: randomUUID, log, signal })
}

function machineClock(): Clock {
  return createClock({ now: () => Date.now(), monotonicMs: () => performance.now() })
}

function lazySandbox(
  { config, sandboxKind: kind, session }: ComposeBenchmarkParams,
  folder: string,
): LazySandbox {
  const { log, signal } = session
  const { dockerHost } = config
  return new LazySandbox(async () => {
    const { openSandbox } = await import('./adapters/open-sandbox.ts')
    return await openSandbox({ kind, folder, dockerHost, log, signal })
  })
}
