import type { Batch } from '../models/batch.ts'
import type { BatchKey, DayKey } from '../models/day-key.ts'
import type { UtcDate } from '../models/scalars.ts'
import type { CallOptions } from './call-options.ts'
import type { Page, PageParams } from './page.ts'

/** Which batches: of a network, and of one window when it is given. */
export type BatchScopeParams = Readonly<{ network: string; windowDays?: number }>

/** Attempts at scoring a day. A state change is a newer version of the row; the newest wins. */
export interface BatchRepository {
  /** Stores the state of an attempt; the same (batch id, attempt) again replaces. Visible when it resolves. */
  put(params: Readonly<{ batch: Batch }>, options?: CallOptions): Promise<void>
  /** The attempt of a batch with the highest number, or null. */
  findLastAttempt(params: Readonly<{ key: BatchKey }>, options?: CallOptions): Promise<Batch | null>
  /** The attempt of the day that was COMPLETED last (highest processedAt, then attempt, then batch id), or null. */
  findCompleted(params: Readonly<{ key: DayKey }>, options?: CallOptions): Promise<Batch | null>
  /** The COMPLETED attempt of the newest date in scope (smallest window among equals), or null. */
  findLatestCompleted(params: BatchScopeParams, options?: CallOptions): Promise<Batch | null>
  /** Dates with a COMPLETED attempt in scope, newest first, each once. */
  listAvailableDates(params: BatchScopeParams, options?: CallOptions): Promise<readonly UtcDate[]>
  /** All attempts in scope: date descending, window ascending, processedAt descending, attempt descending, batch id. */
  list(params: BatchScopeParams & PageParams, options?: CallOptions): Promise<Page<Batch>>
  /** Removes a batch's results and its attempts; results first. */
  remove(params: Readonly<{ key: BatchKey }>, options?: CallOptions): Promise<void>
}
