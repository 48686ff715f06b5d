import type { AlertScore } from '../models/alert-score.ts'
import type { BatchKey } from '../models/day-key.ts'
import type { CallOptions } from './call-options.ts'
import type { KeyedRowsRepository } from './keyed-rows-repository.ts'

/** Alert scores of a batch; natural order: score descending, then alert id by code unit. */
export interface AlertScoreRepository extends KeyedRowsRepository<AlertScore, BatchKey> {
  /** The score of one alert, or null. */
  find(
    params: Readonly<{ key: BatchKey; alertId: string }>,
    options?: CallOptions,
  ): Promise<AlertScore | null>
  /**
   * How the scores are distributed: `bins` equal bins over [0, 1], each closed below and open above, the last closed.
   */
  countByBin(
    params: Readonly<{ key: BatchKey; bins: number }>,
    options?: CallOptions,
  ): Promise<readonly number[]>
}
