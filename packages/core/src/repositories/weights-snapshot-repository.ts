import type { WeightsSnapshot } from '../models/weights-snapshot.ts'
import type { CallOptions } from './call-options.ts'

/** The history of miners' weights. What is stored never changes. */
export interface WeightsSnapshotRepository {
  /**
   * Stores a snapshot; the same one again changes nothing.
   *
   * @throws StorageError `conflict` when the id names a snapshot with another content; `invalid_input` also for a
   *   time after `now`, see `MAX_CLOCK_SKEW_MS`.
   */
  put(params: Readonly<{ snapshot: WeightsSnapshot; now: Date }>, options?: CallOptions): Promise<void>
  find(params: Readonly<{ id: string }>, options?: CallOptions): Promise<WeightsSnapshot | null>
  /** The one with the newest time, of one instant the one with the highest id; null without any. */
  findLatest(options?: CallOptions): Promise<WeightsSnapshot | null>
  /** The hotkey that the newest snapshot gives most, see `topMinerOf`; null when it gives nobody anything. */
  findTopMiner(options?: CallOptions): Promise<string | null>
}
