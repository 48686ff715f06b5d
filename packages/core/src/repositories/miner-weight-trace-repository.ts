import type { MinerWeightTrace } from '../models/miner-weight-trace.ts'
import type { CallOptions } from './call-options.ts'
import type { PutResult, RowSource } from './keyed-rows-repository.ts'
import type { Page, PageParams } from './page.ts'
import type { CycleScope } from './weight-cycle-repository.ts'

/** One point of a miner's history: enough to draw it, without the whole trace. */
export interface WeightPoint {
  readonly cycleId: string
  readonly at: Date
  readonly weight: number
  readonly submittedWeight: number
  readonly submittedValue: number
}

/** Every miner's way from scores to weight, cycle by cycle. */
export interface MinerWeightTraceRepository {
  /** Stores traces; the same cycle and hotkey again replaces. */
  put(params: Readonly<{ traces: RowSource<MinerWeightTrace> }>, options?: CallOptions): Promise<PutResult>
  /** One miner in one cycle, or null. */
  find(
    params: CycleScope & Readonly<{ cycleId: string; hotkey: string }>,
    options?: CallOptions,
  ): Promise<MinerWeightTrace | null>
  /** A cycle's traces: the largest submitted weight first, then by hotkey. */
  list(
    params: CycleScope & Readonly<{ cycleId: string } & PageParams>,
    options?: CallOptions,
  ): Promise<Page<MinerWeightTrace>>
  /** How many traces a cycle has; 0 is a gap in the record. */
  count(params: CycleScope & Readonly<{ cycleId: string }>, options?: CallOptions): Promise<number>
  /** A miner's weights over cycles, newest first (then by cycle id, falling), at most `limit` (1–10,000) of them. */
  listPoints(
    params: CycleScope & Readonly<{ hotkey: string; limit: number }>,
    options?: CallOptions,
  ): Promise<readonly WeightPoint[]>
}
