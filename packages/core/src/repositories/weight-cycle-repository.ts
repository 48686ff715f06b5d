import type { WeightCycle, WeightCycleState, WeightCycleSummary } from '../models/weight-cycle.ts'
import type { CallOptions } from './call-options.ts'
import type { Page, PageParams } from './page.ts'

/** Whose cycles. */
export interface CycleScope {
  readonly netuid: number
  readonly validatorHotkey: string
}

/** The record of weight cycles. It keeps what was decided elsewhere: whoever changes a cycle holds the lock of its scope. */
export interface WeightCycleRepository {
  /** Stores a cycle as it stands now; the newest one stored under its key is the one that is read. */
  put(params: Readonly<{ cycle: WeightCycle }>, options?: CallOptions): Promise<void>
  /** One cycle as it stands, or null. */
  find(params: CycleScope & Readonly<{ cycleId: string }>, options?: CallOptions): Promise<WeightCycle | null>
  /** The cycle created last, of those in one of `states` when they are given; null without one. */
  findLatest(
    params: CycleScope & Readonly<{ states?: readonly WeightCycleState[] }>,
    options?: CallOptions,
  ): Promise<WeightCycle | null>
  /**
   * Cycles without their vectors, which are not read; `find` gives one whole. Newest first: by `createdAt`, then by id,
   * both falling. Created within [from, to) where they are given.
   */
  listSummaries(
    params: CycleScope & Readonly<{ from?: Date; to?: Date } & PageParams>,
    options?: CallOptions,
  ): Promise<Page<WeightCycleSummary>>
}
