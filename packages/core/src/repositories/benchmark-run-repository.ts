import type { BenchmarkRun, BenchmarkRunKey } from '../models/benchmark-run.ts'
import type { ImageType } from '../models/image-type.ts'
import type { CallOptions } from './call-options.ts'
import type { Page, PageParams } from './page.ts'

/** Runs (`benchmark_analytics_daily_runs`, `benchmark_ml_daily_runs`): one for each epoch, day, network and window. */
export interface BenchmarkRunRepository {
  /** Stores it as it stands now; running it again replaces it. */
  put(params: Readonly<{ run: BenchmarkRun }>, options?: CallOptions): Promise<void>
  find(params: BenchmarkRunKey, options?: CallOptions): Promise<BenchmarkRun | null>
  /** @throws StorageError `not_found` */
  get(params: BenchmarkRunKey, options?: CallOptions): Promise<BenchmarkRun>
  /** By day, run order, network, window, hotkey. Of one epoch, tournament, hotkey or day where they are given. */
  list(
    params: Readonly<
      {
        imageType: ImageType
        epochId?: string
        tournamentId?: string
        hotkey?: string
        testDate?: string
      } & PageParams
    >,
    options?: CallOptions,
  ): Promise<Page<BenchmarkRun>>
}
