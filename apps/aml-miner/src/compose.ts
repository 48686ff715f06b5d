import type { CommandSession } from '@subnetkit/core/cli'
import {
  type Clock,
  createClock,
  InputError,
  type Logger,
  type Metrics,
  type Repositories,
  silentLogger,
} from '@subnetkit/core'

import { folderDayLock } from './adapters/folder-day-lock.ts'
import { openLocalFile } from './adapters/local-file.ts'
import { createSourceOpener } from './adapters/source-opener.ts'
import type { Config } from './config.ts'
import type { ReportDayTools } from './submission/report-day.ts'
import type { MinerDeps } from './tasks/miner-tasks.ts'

/** What a migration did or would do. */
export interface SchemaReport {
  readonly database: string
  /** File names in order: those that were applied, or in a dry run would be. */
  readonly migrations: readonly string[]
}

/** The miner of one network, put together; close it at the end. */
export interface Miner extends AsyncDisposable {
  readonly deps: MinerDeps & { readonly repositories: Pick<Repositories, 'rowExports'> }
  readonly clock: Clock
  /** In [0, 1); spreads the pauses between attempts, nothing else. */
  readonly random: () => number
  /** True when the engine lives in the data folder. */
  readonly isEmbedded: boolean
  /** Aborts when the embedded engine ended while it was in use: put the miner together again, the data is kept. */
  readonly lost: AbortSignal
  /** Creates the database and its tables, or with `isDryRun` says what is missing. */
  migrate(options: { readonly isDryRun: boolean; readonly signal: AbortSignal }): Promise<SchemaReport>
  /** Asks the engine for a sign of life; rejects when it does not answer. */
  ping(signal?: AbortSignal): Promise<void>
}

/** How a miner is put together. */
export interface ComposeMinerParams {
  readonly config: Config
  readonly network: string
  readonly session: Pick<CommandSession, 'dataDir' | 'signal'> & { readonly log: Logger }
  readonly metrics?: Metrics
}

const WRITER_IDS = 1024

/**
 * Puts the miner of a network together: the one place that knows its store. The engine is the embedded one unless the
 * environment names a server.
 */
export async function composeMiner(params: ComposeMinerParams): Promise<Miner> {
  const { config, metrics, network, session } = params
  const store = await import('@subnetkit/storage-clickhouse')
  const connectionParams = store.readConnectionParams(config.environment, { network, prefix: 'miner' })
  const clock = createClock({ now: () => Date.now(), monotonicMs: () => performance.now() })
  let lost = new AbortController().signal
  const connection = await store.connectClickHouse({
    params: connectionParams,
    startEmbedded: async (options) => {
      const server = await store.startEmbeddedClickHouse({ folder: session.dataDir, ...options })
      lost = server.lost
      return server
    },
    signal: session.signal,
    logger: session.log,
    ...(metrics === undefined ? {} : { metrics }),
  })
  const repositories = store.createClickHouseRepositories(connection, {
    now: () => clock.now().getTime(),
    writerId: process.pid % WRITER_IDS,
  })
  return {
    deps: {
      repositories,
      clock,
      lock: folderDayLock(session.dataDir),
      sources: createSourceOpener(session.dataDir, config.s3),
    },
    clock,
    random: Math.random,
    isEmbedded: connectionParams.mode === 'embedded',
    lost,
    migrate: async ({ isDryRun, signal }) => {
      const { applied } = await store.migrate(connection, {
        folder: await store.packagedMigrations('miner'),
        now: clock.now,
        dryRun: isDryRun,
        signal,
        logger: session.log,
      })
      return { database: connection.database, migrations: applied }
    },
    ping: async (signal) => {
      await connection.command({ sql: 'SELECT 1', ...(signal === undefined ? {} : { signal }) })
    },
    [Symbol.asyncDispose]: async () => {
      await connection.close()
    },
  }
}

/** Where the store of a submission is, and what its tables are made from. */
export interface ComposeSubmissionParams {
  /** Of an engine that nobody else uses. */
  readonly url: string
  readonly network: string
  readonly migrations: URL
}

/**
 * Puts the miner together for one run in the benchmark: its own engine, with new tables, and no lock, since nobody else
 * is there. Inputs are files of this machine only.
 */
export async function composeSubmission(
  params: ComposeSubmissionParams,
): Promise<ReportDayTools & AsyncDisposable> {
  const { migrations, network, url } = params
  const store = await import('@subnetkit/storage-clickhouse')
  const clock = createClock({ now: () => Date.now(), monotonicMs: () => performance.now() })
  const { signal } = new AbortController()
  const connection = await store.connectClickHouse({ url, database: `miner_${network}` })
  await store.migrate(connection, { folder: migrations, now: clock.now, signal, logger: silentLogger })
  const repositories = store.createClickHouseRepositories(connection, {
    now: () => clock.now().getTime(),
    writerId: 0,
  })
  const lock = { acquire: async () => ({ [Symbol.asyncDispose]: async () => {} }) }
  const sources = { openFile: openLocalFile, openSnapshot: refuseSnapshot }
  return {
    deps: { repositories, clock, lock, sources },
    clock,
    log: silentLogger,
    signal,
    [Symbol.asyncDispose]: async () => {
      await connection.close()
    },
  }
}

function refuseSnapshot(source: string): never {
  throw new InputError({
    field: source,
    problem: 'is a published snapshot, and a submission is given transfers',
    hint: 'give transfers.parquet and address_labels.parquet',
  })
}
