import { randomBytes, randomUUID } from 'node:crypto'
import { hostname } from 'node:os'

import { type Clock, createClock } from '@subnetkit/core'
import type { CommandSession } from '@subnetkit/core/cli'
import type {
  DynamoConnection,
  DynamoRepositories,
  MigrateShardsParams,
  MigrationProgress,
  MigrationReport,
  RowFailure,
  StoreCheck,
  SweptTable,
  TableStatus,
} from '@subnetkit/storage-dynamo'

import { isSignedBy } from './auth/is-signed-by.ts'
import type { Config } from './config.ts'
import { registerUnknownMiners } from './migration/register-unknown-miners.ts'
import type { RecordStore } from './ports/record-store.ts'
import type { SendUploadParams } from './uploads/send-upload.ts'

export type { MigrationReport, RowFailure } from '@subnetkit/storage-dynamo'

/** What `init` did to one table. */
export interface InitReport {
  readonly name: string
  readonly action: string
  /** Who removes expired items: `native`, `sweep` or `none`. */
  readonly expiry: string
  readonly indexesAdded: readonly string[]
  readonly pointInTimeRecovery: string
}

/** Which shards to import, and how. */
export interface MigrateParams extends Pick<
  MigrateShardsParams,
  'tailBlocks' | 'currentBlock' | 'maxResults' | 'isDryRun'
> {
  readonly source: Readonly<{
    bucket: string
    prefix: string
    region: string
    /** Null for AWS itself. */
    endpoint: string | null
    /** Null for a public bucket. */
    credentials: Readonly<{ accessKeyId: string; secretAccessKey: string }> | null
  }>
  readonly environments: ReadonlySet<string> | null
  readonly renamed: ReadonlyMap<string, string>
  readonly verifySignatures: boolean
  readonly skipWithoutTask: boolean
  readonly maxRowBytes: number
  readonly onProgress: (progress: MigrationProgress) => void
  readonly onFailure: (failure: RowFailure) => void
}

/** The validator, put together; close it at the end. */
export interface Validator extends AsyncDisposable {
  readonly repositories: DynamoRepositories
  /** Where the tables are, for a person: never with the secret path of an embedded engine. */
  readonly store: string
  readonly isEmbedded: boolean
  readonly now: () => Date
  readonly clock: Clock
  /** In [0, 1). */
  readonly random: () => number
  /** A new unique id each time. */
  readonly newId: () => string
  /** Names this process, for leases and logs. */
  readonly worker: string
  /** Aborted when the embedded engine ended while it was in use; a server's end shows in failing calls instead. */
  readonly lost: AbortSignal
  /** Of all tables: `affine` for `affine_task_queue`. */
  readonly tablePrefix: string
  /** Makes tables, indexes and expiry that are missing. */
  init(options: {
    readonly pointInTimeRecovery: boolean
    readonly onTable?: (name: string) => void
  }): Promise<readonly InitReport[]>
  /** Full names of the tables that exist under the prefix: ours, and others, which nothing here touches. */
  listTables(): Promise<Readonly<{ known: readonly string[]; unknown: readonly string[] }>>
  /** How each table stands; `scan` counts items by reading them all. */
  status(count: 'estimate' | 'scan'): Promise<readonly TableStatus[]>
  /** Writes, reads and removes one item of every kind, and tells what failed instead of throwing it. */
  check(onChecked: (check: StoreCheck) => void): Promise<readonly StoreCheck[]>
  /** Removes expired items of every table; the engine of a server may do so by itself, then little is left. */
  sweep(onStep: (swept: SweptTable) => void): Promise<readonly SweptTable[]>
  /** Removes all tables with everything in them and makes them anew. @throws InputError for another prefix. */
  reset(typedPrefix: string): Promise<readonly InitReport[]>
  /** Imports the shards of an earlier system from a bucket. */
  migrate(params: MigrateParams): Promise<MigrationReport>
  /**
   * Opens the analytical record and makes its tables. Starting the embedded engine takes seconds: whoever has something
   * more urgent to do does not wait for it.
   */
  openRecord(options?: { readonly signal?: AbortSignal }): Promise<RecordStore>
}

/** How a validator is put together. */
export interface ComposeValidatorParams {
  readonly config: Config
  readonly session: Pick<CommandSession, 'dataDir' | 'log' | 'signal'>
}

/** Names the record's database, `validator_bittensor`, and its variables, `BITTENSOR_CLICKHOUSE_*`. */
const RECORD_NETWORK = 'bittensor'
const RECORD_WRITERS = 1_024

/**
 * Puts the validator together: the one place that knows its store. The engine is the embedded one unless
 * `DYNAMODB_ENDPOINT` names another, or AWS.
 */
export async function composeValidator(params: ComposeValidatorParams): Promise<Validator> {
  const { config, session } = params
  const { signal } = session
  const store = await import('@subnetkit/storage-dynamo')
  const { target, tablePrefix } = store.readDynamoParams(config.environment)
  if (target.kind === 'embedded') warnOfUnusedAws(config, session)
  const embedded =
    target.kind === 'embedded' ? await store.startEmbeddedDynamo({ folder: session.dataDir, signal }) : null
  const endpoint = embedded?.endpoint ?? (target.kind === 'endpoint' ? target.endpoint : undefined)
  const region = target.kind === 'embedded' ? null : target.region
  const connection = store.connectDynamo({
    tablePrefix,
    logger: session.log,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === null ? {} : { region }),
  })
  const repositories = store.createDynamoRepositories(connection)
  const now = (): Date => new Date(Date.now())
  return {
    repositories,
    store: describeStore(target, tablePrefix, session.dataDir),
    isEmbedded: target.kind === 'embedded',
    now,
    clock: createClock({ now: () => Date.now(), monotonicMs: () => performance.now() }),
    random: () => Math.random(),
    newId: () => randomUUID(),
    worker: `${hostname()}:${process.pid}`,
    lost: embedded?.lost ?? new AbortController().signal,
    tablePrefix,
    init: async ({ pointInTimeRecovery, onTable }) =>
      await store.reconcileTables(
        {
          connection,
          tables: store.allTables,
          pointInTimeRecovery,
          onTable: (report) => onTable?.(report.name),
        },
        { signal },
      ),
    listTables: async () => await store.listTables({ connection, tables: store.allTables }, { signal }),
    status: async (count) =>
      await store.storeStatus({ connection, tables: store.allTables, count }, { signal }),
    check: async (onChecked) => {
      const id = randomUUID().replaceAll('-', '')
      return await store.checkStore({ connection, now: now(), id, onChecked }, { signal })
    },
    sweep: async (onStep) =>
      await store.sweepTables({ connection, tables: store.allTables, now: now(), onStep }, { signal }),
    reset: async (typedPrefix) =>
      await store.resetTables({ connection, tables: store.allTables, typedPrefix }, { signal }),
    migrate: async (migration) => await runMigration({ migration, connection, repositories, now, signal }),
    openRecord: async (options) =>
      await openRecord({ config, session, now, signal: options?.signal ?? signal }),
    [Symbol.asyncDispose]: async () => {
      await connection.close()
      await embedded?.close()
    },
  }
}

/** What an upload takes of the machine that it comes from: its clock, and numbers that nobody guesses. */
export function composeUploadClient(): Pick<SendUploadParams, 'newNonce' | 'now'> {
  return { now: () => new Date(Date.now()), newNonce: () => randomBytes(16).toString('hex') }
}

async function openRecord(params: {
  readonly config: Config
  readonly session: ComposeValidatorParams['session']
  readonly now: () => Date
  readonly signal: AbortSignal
}): Promise<RecordStore> {
  const { config, session, now, signal } = params
  const store = await import('@subnetkit/storage-clickhouse')
  const connectionParams = store.readConnectionParams(config.environment, {
    network: RECORD_NETWORK,
    prefix: 'validator',
  })
  let lost = new AbortController().signal
  const connection = await store.connectClickHouse({
    params: connectionParams,
    startEmbedded: async (options) => {
      const server = await store.startEmbeddedClickHouse({ folder: session.dataDir, ...options })
      lost = server.lost
      return server
    },
    signal,
    logger: session.log,
  })
  try {
    const folder = await store.packagedMigrations('validator')
    await store.migrate(connection, { folder, now, signal, logger: session.log })
  } catch (error) {
    await connection.close()
    throw error
  }
  const writer = { now: () => now().getTime(), writerId: process.pid % RECORD_WRITERS }
  return {
    repositories: {
      ...store.createClickHouseRecordRepositories(connection, writer),
      ...store.createClickHouseAgentRepositories(connection, writer),
    },
    description:
      connectionParams.mode === 'embedded'
        ? `embedded ClickHouse in ${session.dataDir}, database ${connection.database}`
        : `ClickHouse at ${connectionParams.url ?? ''}, database ${connection.database}`,
    lost,
    setRetention: async ({ days }, options) => {
      for (const table of ['miner_weight_traces', 'miner_performance_stats'] as const) {
        await store.setRetention(connection, { table, days, ...options })
      }
    },
    tableSizes: async (options) => await store.readTableSizes(connection, options),
    [Symbol.asyncDispose]: async () => await connection.close(),
  }
}

async function runMigration(run: {
  readonly migration: MigrateParams
  readonly connection: DynamoConnection
  readonly repositories: DynamoRepositories
  readonly now: () => Date
  readonly signal: AbortSignal
}): Promise<MigrationReport> {
  const { migration, connection, repositories, now, signal } = run
  const store = await import('@subnetkit/storage-dynamo')
  const { endpoint, credentials, ...bucket } = migration.source
  const source = await store.openS3ShardSource({
    ...bucket,
    ...(endpoint === null ? {} : { endpoint }),
    ...(credentials === null ? {} : { credentials }),
  })
  const seen = new Set<string>()
  try {
    return await store.migrateShards(
      {
        ...migration,
        source,
        ledger: store.createDynamoShardLedger(connection),
        samples: repositories.samples,
        rules: {
          environments: migration.environments,
          renamed: migration.renamed,
          skipWithoutTask: migration.skipWithoutTask,
          maxRowBytes: migration.maxRowBytes,
          verifySignature: migration.verifySignatures
            ? ({ hotkey, message, signatureHex }) => isSignedBy(hotkey, message, signatureHex)
            : null,
        },
        owner: `${hostname()}:${process.pid}`,
        token: randomUUID(),
        now,
        onStored: async (batch) => {
          const samples = batch.map(({ sample }) => sample)
          await registerUnknownMiners({ miners: repositories.miners, samples, seen, now: now() }, { signal })
        },
      },
      { signal },
    )
  } finally {
    await source.close()
  }
}

function warnOfUnusedAws(config: Config, session: ComposeValidatorParams['session']): void {
  const found = ['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_PROFILE'].filter((name) => config.environment[name])
  if (found.length === 0) return
  session.log.warn(
    { variables: found },
    'AWS is configured but not used: without DYNAMODB_ENDPOINT the tables are in the data folder; set DYNAMODB_ENDPOINT=aws for AWS',
  )
}

function describeStore(
  target: { readonly kind: string; readonly endpoint?: string; readonly region?: string | null },
  tablePrefix: string,
  dataDir: string,
): string {
  const tables = `tables ${tablePrefix}_*`
  if (target.kind === 'embedded') return `embedded DynamoDB in ${dataDir}, ${tables}`
  return target.kind === 'aws'
    ? `AWS ${target.region ?? ''}, ${tables}`
    : `${target.endpoint ?? ''}, ${tables}`
}
