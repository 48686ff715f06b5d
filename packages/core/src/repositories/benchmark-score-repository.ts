import type { BenchmarkScore } from '../models/benchmark-score.ts'
import type { ImageType } from '../models/image-type.ts'
import type { CallOptions } from './call-options.ts'
import type { Page, PageParams } from './page.ts'

/** Scores of epochs (`benchmark_scores`); every epoch keeps its own. */
export interface BenchmarkScoreRepository {
  /** Stores scores; the newest stored under type, hotkey and epoch is the one that is read. */
  put(params: Readonly<{ scores: readonly BenchmarkScore[] }>, options?: CallOptions): Promise<void>
  find(
    params: Readonly<{ imageType: ImageType; hotkey: string; epochId: string }>,
    options?: CallOptions,
  ): Promise<BenchmarkScore | null>
  /** The newest score of each hotkey (by `calculatedAt`, then epoch id), by hotkey; tournaments' among them or not. */
  listLatest(
    params: Readonly<{ imageType: ImageType; isTournamentIncluded: boolean } & PageParams>,
    options?: CallOptions,
  ): Promise<Page<BenchmarkScore>>
  /** A miner's scores, newest first. */
  listOf(
    params: Readonly<{ imageType: ImageType; hotkey: string } & PageParams>,
    options?: CallOptions,
  ): Promise<Page<BenchmarkScore>>
}
