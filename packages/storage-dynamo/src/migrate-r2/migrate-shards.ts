import {
  describeError,
  isStorageError,
  type CallOptions,
  type PutSampleParams,
  type SampleRepository,
} from '@subnetkit/core'

import { importShard, type RowFailure, type RowRules } from './import-shard.ts'
import type { ShardCounts, ShardLedger } from './shard-ledger.ts'
import { compareShards, parseShardName, type ShardName } from './shard-name.ts'
import type { ShardObject, ShardSource } from './shard-source.ts'

/** How far an import is. */
export interface MigrationProgress {
  readonly shardsDone: number
  readonly shardsWanted: number
  readonly bytesDone: number
  readonly bytesWanted: number
  readonly rows: number
  readonly stored: number
}

/** How a migration is run. */
export interface MigrateShardsParams {
  readonly source: ShardSource
  readonly ledger: ShardLedger
  readonly samples: Pick<SampleRepository, 'putBatch'>
  /** Called with each batch after it is stored, for what else depends on it (miners that are not known yet). */
  readonly onStored?: (batch: readonly PutSampleParams[]) => Promise<void>
  readonly rules: RowRules
  /** Only windows that begin within this many blocks before `currentBlock`; null for all. */
  readonly tailBlocks: number | null
  /** Counted from; the newest shard's window when null. */
  readonly currentBlock: number | null
  /** Stop after exactly this many stored samples, if there are as many; null for all. */
  readonly maxResults: number | null
  /** Read and judge everything, store nothing, leave the ledger alone. */
  readonly isDryRun: boolean
  readonly owner: string
  /** Unique for each run. */
  readonly token: string
  readonly now: () => Date
  /** @default 200 */
  readonly batchSize?: number
  readonly onProgress?: (progress: MigrationProgress) => void
  readonly onFailure?: (failure: RowFailure) => void
}

/** What a migration did. */
export interface MigrationReport extends ShardCounts {
  /** Shards listed and in the tail. */
  readonly shardsWanted: number
  readonly shardsImported: number
  /** Done by an earlier run and unchanged since. */
  readonly shardsDoneBefore: number
  /** Held by another import at this moment. */
  readonly shardsTaken: number
  /** Could not be fetched or read to their end. */
  readonly shardsFailed: number
  readonly hitLimit: boolean
  readonly newestWindow: number | null
  readonly oldestWindow: number | null
}

const LEASE_MS = 120_000
const DEFAULT_BATCH = 200

interface Shard {
  readonly name: ShardName
  readonly object: ShardObject
}

/**
 * Imports the results that the earlier system kept as JSON shards in a bucket: newest blocks first, one shard at a time
 * in bounded memory, each noted in a ledger when it is through, so that a run that was cut off goes on where it was.
 * A sample that is there already is never touched: newer shards win over older ones, and a repeat changes nothing.
 *
 * The report is complete only when `failed`, `shardsFailed` and `shardsTaken` are 0; a shard with failed rows is tried
 * again by the next run.
 *
 * @throws StorageError when the store fails beyond its retries: what is stored stays, the next run goes on.
 */
export async function migrateShards(
  params: MigrateShardsParams,
  options?: CallOptions,
): Promise<MigrationReport> {
  const { source, maxResults, onProgress } = params
  const shards = await listShards(params, options)
  const wanted = { shards: shards.length, bytes: sumOf(shards, ({ object }) => object.bytes) }
  const totals = { rows: 0, stored: 0, present: 0, skipped: 0, failed: 0 }
  const outcomes = { imported: 0, done: 0, taken: 0, failed: 0 }
  let hitLimit = maxResults === 0
  let bytesDone = 0
  for (const [index, shard] of shards.entries()) {
    if (hitLimit) break
    options?.signal?.throwIfAborted()
    const report = (counts: ShardCounts, bytes: number): void =>
      onProgress?.({
        shardsDone: index,
        shardsWanted: wanted.shards,
        bytesDone: bytesDone + bytes,
        bytesWanted: wanted.bytes,
        rows: totals.rows + counts.rows,
        stored: totals.stored + counts.stored,
      })
    const maxStored = maxResults === null ? null : maxResults - totals.stored
    const result = await migrateShard({ ...params, shard, maxStored, report, source }, options)
    outcomes[result.outcome] += 1
    addCounts(totals, result.counts)
    hitLimit = result.hitLimit
    bytesDone += shard.object.bytes
  }
  onProgress?.({
    shardsDone: shards.length,
    shardsWanted: wanted.shards,
    bytesDone,
    bytesWanted: wanted.bytes,
    rows: totals.rows,
    stored: totals.stored,
  })
  return {
    ...totals,
    shardsWanted: wanted.shards,
    shardsImported: outcomes.imported,
    shardsDoneBefore: outcomes.done,
    shardsTaken: outcomes.taken,
    shardsFailed: outcomes.failed,
    hitLimit,
    newestWindow: shards[0]?.name.window ?? null,
    oldestWindow: shards.at(-1)?.name.window ?? null,
  }
}

async function listShards(
  params: MigrateShardsParams,
  options: CallOptions | undefined,
): Promise<readonly Shard[]> {
  const { source, tailBlocks, currentBlock } = params
  const shards: Shard[] = []
  for await (const object of source.list(options)) {
    const name = parseShardName(object.key)
    if (name !== null) shards.push({ name, object })
  }
  shards.sort((left, right) => compareShards(left.name, right.name))
  const newest = currentBlock ?? shards[0]?.name.window ?? 0
  const oldest = tailBlocks === null ? -1 : newest - tailBlocks
  return shards.filter(({ name }) => name.window > oldest && name.window <= newest)
}

interface ShardRun extends MigrateShardsParams {
  readonly shard: Shard
  readonly maxStored: number | null
  readonly report: (counts: ShardCounts, bytes: number) => void
}

interface ShardResult {
  readonly outcome: 'imported' | 'done' | 'taken' | 'failed'
  readonly counts: ShardCounts
  readonly hitLimit: boolean
}

const NOTHING: ShardCounts = { rows: 0, stored: 0, present: 0, skipped: 0, failed: 0 }

async function migrateShard(run: ShardRun, options: CallOptions | undefined): Promise<ShardResult> {
  const { ledger, shard, source, owner, token, now, isDryRun } = run
  if (isDryRun) return await readShard(run, options)
  const entry = { source: source.name, shard: shard.object, owner, token }
  const taken = await ledger.take({ ...entry, leaseMs: LEASE_MS, now: now() }, options)
  if (taken === 'done') return { outcome: 'done', counts: NOTHING, hitLimit: false }
  if (taken === 'taken_by_other') return { outcome: 'taken', counts: NOTHING, hitLimit: false }
  try {
    const result = await readShard(run, options)
    if (result.hitLimit || result.outcome === 'failed') await ledger.release({ ...entry, now: now() })
    else await ledger.finish({ ...entry, counts: result.counts, now: now() }, options)
    return result
  } catch (error) {
    await ledger.release({ ...entry, now: now() }).catch(() => null)
    throw error
  }
}

/** A shard that cannot be fetched fails alone; a store that cannot be written ends the run. */
async function readShard(run: ShardRun, options: CallOptions | undefined): Promise<ShardResult> {
  const { shard, source, ledger, samples, rules, maxStored, onFailure, onStored, report, isDryRun, now } = run
  const entry = { source: source.name, shard: shard.object, owner: run.owner, token: run.token }
  let bytes = 0
  let counts: ShardCounts = NOTHING
  let isFetching = true
  const counted = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const chunk of source.open({ key: shard.object.key }, options)) {
      bytes += chunk.length
      isFetching = false
      yield chunk
      isFetching = true
    }
    isFetching = false
  }
  try {
    const result = await importShard(
      {
        name: shard.name,
        bytes: counted(),
        rules,
        samples: isDryRun ? null : samples,
        maxStored,
        batchSize: run.batchSize ?? DEFAULT_BATCH,
        onFailure: (failure) => onFailure?.(failure),
        onBatch: async (soFar, batch) => {
          counts = soFar
          report(soFar, bytes)
          if (isDryRun) return
          await onStored?.(batch)
          await ledger.heartbeat({ ...entry, leaseMs: LEASE_MS, now: now() }, options)
        },
      },
      options,
    )
    return { outcome: 'imported', ...result }
  } catch (error) {
    if (!isFetching || !isStorageError(error)) throw error
    onFailure?.({ shard: shard.name.key, row: null, reason: describeError(error).message })
    return { outcome: 'failed', counts, hitLimit: false }
  }
}

function sumOf<T>(items: readonly T[], amount: (item: T) => number): number {
  return items.reduce((sum, item) => sum + amount(item), 0)
}

function addCounts(totals: { -readonly [Name in keyof ShardCounts]: number }, counts: ShardCounts): void {
  totals.rows += counts.rows
  totals.stored += counts.stored
  totals.present += counts.present
  totals.skipped += counts.skipped
  totals.failed += counts.failed
}
