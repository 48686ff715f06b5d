import type { MinerScore } from '../models/miner-score.ts'
import type { ScoreSnapshot } from '../models/score-snapshot.ts'
import type { CallOptions } from './call-options.ts'
import type { Page, PageParams } from './page.ts'

/** Scores by block, published as snapshots, kept for thirty days. */
export interface MinerScoreRepository {
  /**
   * Stores the scores, then the snapshot, then moves the pointer to the latest one, which never goes back to a lower
   * block. A crash between leaves the former latest one in place and never part of a snapshot visible; the same call
   * again finishes it.
   *
   * @throws StorageError `conflict` when another snapshot holds this block; `invalid_input` when the scores are not
   *   the snapshot's own (count, block, hotkeys, hash, or an id that `snapshotIdOf` does not give).
   */
  publish(
    params: Readonly<{ snapshot: ScoreSnapshot; scores: readonly MinerScore[] }>,
    options?: CallOptions,
  ): Promise<Readonly<{ isLatest: boolean }>>
  /** The snapshot that the pointer names; null when there is none, or it has expired. Consistent. */
  findLatestSnapshot(params: Readonly<{ now: Date }>, options?: CallOptions): Promise<ScoreSnapshot | null>
  /** The snapshot of a block, or null. */
  findSnapshot(
    params: Readonly<{ blockNumber: number; now: Date }>,
    options?: CallOptions,
  ): Promise<ScoreSnapshot | null>
  /** Newest block first. */
  listSnapshots(
    params: Readonly<{ now: Date } & PageParams>,
    options?: CallOptions,
  ): Promise<Page<ScoreSnapshot>>
  /** The scores of a snapshot in the order of hotkeys; none when it was not published. */
  list(
    params: Readonly<{ snapshot: Pick<ScoreSnapshot, 'snapshotId' | 'blockNumber'>; now: Date } & PageParams>,
    options?: CallOptions,
  ): Promise<Page<MinerScore>>
  /** The scores of one miner over published snapshots, newest block first; eventual. */
  listHistory(
    params: Readonly<{ minerHotkey: string; now: Date } & PageParams>,
    options?: CallOptions,
  ): Promise<Page<MinerScore>>
}
