import type { CallOptions } from '@subnetkit/core'

import type { ShardObject } from './shard-source.ts'

/** Rows of a shard by what became of them. */
export interface ShardCounts {
  readonly rows: number
  /** Samples that were not there. */
  readonly stored: number
  /** Samples that were there already, from a newer shard or an earlier run. */
  readonly present: number
  /** Rows left out as the caller asked: of other environments, or without a task id. */
  readonly skipped: number
  readonly failed: number
}

/** Who imports a shard: a name for people, and a token that is unique for each run. */
export type ShardOwner = Readonly<{ owner: string; token: string }>

/** One shard of one source. */
export type ShardOf = Readonly<{ source: string; shard: ShardObject }>

/**
 * Remembers which shards went through, by their content's tag: a shard that has grown since is taken anew. A shard is
 * held by one import at a time; one that dies lets go of it when its lease runs out.
 */
export interface ShardLedger {
  /** Takes a shard if it is new, has changed, or failed before; says why not otherwise. */
  take(
    params: ShardOf & ShardOwner & Readonly<{ leaseMs: number; now: Date }>,
    options?: CallOptions,
  ): Promise<'taken_by_us' | 'done' | 'taken_by_other'>
  /** @throws StorageError `conflict` when the lease was lost. */
  heartbeat(
    params: ShardOf & ShardOwner & Readonly<{ leaseMs: number; now: Date }>,
    options?: CallOptions,
  ): Promise<void>
  /** Notes the outcome: done when no row failed. @throws StorageError `conflict` when the lease was lost. */
  finish(
    params: ShardOf & ShardOwner & Readonly<{ counts: ShardCounts; now: Date }>,
    options?: CallOptions,
  ): Promise<void>
  /** Lets go of a shard that was not finished. */
  release(params: ShardOf & ShardOwner & Readonly<{ now: Date }>, options?: CallOptions): Promise<void>
}
