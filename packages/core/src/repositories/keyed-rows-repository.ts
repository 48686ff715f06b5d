import type { DayKey } from '../models/day-key.ts'
import type { CallOptions } from './call-options.ts'
import type { Page, PageParams } from './page.ts'

/** Rows to store: an array, or a stream that is read in batches with bounded memory. */
export type RowSource<Row> = Iterable<Row> | AsyncIterable<Row>

/** What a `put` stored. */
export interface PutResult {
  /** Rows acknowledged by the store. */
  readonly rows: number
}

/** The key of one version of a day, and a page of it. */
export type ListByKeyParams<Key> = Readonly<{ key: Key } & PageParams>

/**
 * What all aggregates of a miner's day have in common: many rows under one version key (a snapshot of inputs or a batch
 * of results), written by streams, read in one natural order that each aggregate documents.
 *
 * The key decides visibility: nothing reads a snapshot that is not READY or a batch that is not COMPLETED unless it
 * names its id. Rows of two keys never touch each other.
 */
export interface KeyedRowsRepository<Row, Key extends DayKey> {
  /**
   * Stores rows; the same natural key again replaces. Resolves when every row is acknowledged and visible to this
   * repository. Batches go out by rows and bytes; each is awaited before the next is built.
   *
   * @throws StorageError `invalid_input` with the row's number and field when a row breaks its schema: rows of earlier
   *   batches may be stored by then, which is why visibility hangs on the key's status.
   */
  put(params: Readonly<{ rows: RowSource<Row> }>, options?: CallOptions): Promise<PutResult>
  /** One page in natural order. */
  list(params: ListByKeyParams<Key>, options?: CallOptions): Promise<Page<Row>>
  /** All rows of a key in natural order, in bounded memory. Leaving the loop early ends the query on the server. */
  stream(params: Readonly<{ key: Key }>, options?: CallOptions): AsyncIterable<Row>
  /** Rows of a key; 0 when there are none. */
  count(params: Readonly<{ key: Key }>, options?: CallOptions): Promise<number>
  /** Removes all rows of a key; harmless when there are none. */
  remove(params: Readonly<{ key: Key }>, options?: CallOptions): Promise<void>
}
