import type { CallOptions } from '@subnetkit/core'

/** An object that may hold a shard. `etag` changes with its content. */
export interface ShardObject {
  readonly key: string
  readonly etag: string
  readonly bytes: number
}

/** Where shards come from: a bucket, or anything that can list and open objects. */
export interface ShardSource {
  /** Names the source for ledgers and people: the same bucket and prefix always have the same name. */
  readonly name: string
  /** Every object, in any order. */
  list(options?: CallOptions): AsyncIterable<ShardObject>
  /** The bytes of one object as they arrive. */
  open(params: Readonly<{ key: string }>, options?: CallOptions): AsyncIterable<Uint8Array>
  close(): Promise<void>
}
