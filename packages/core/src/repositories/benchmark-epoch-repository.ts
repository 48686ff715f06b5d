import type { BenchmarkEpoch, BenchmarkEpochStatus } from '../models/benchmark-epoch.ts'
import type { ImageType } from '../models/image-type.ts'
import type { CallOptions } from './call-options.ts'
import type { Page, PageParams } from './page.ts'
import type { SubmissionKey } from './submission-repository.ts'

/** Epochs (`benchmark_epochs`), each under its own id. Whoever changes one holds its lock. */
export interface BenchmarkEpochRepository {
  /** Stores it as it stands now; the newest stored under its id is the one that is read. */
  put(params: Readonly<{ epoch: BenchmarkEpoch }>, options?: CallOptions): Promise<void>
  find(params: Readonly<{ epochId: string }>, options?: CallOptions): Promise<BenchmarkEpoch | null>
  /** @throws StorageError `not_found` */
  get(params: Readonly<{ epochId: string }>, options?: CallOptions): Promise<BenchmarkEpoch>
  /** The pending or running epoch outside of tournaments with the newest start, or null. */
  findActive(params: SubmissionKey, options?: CallOptions): Promise<BenchmarkEpoch | null>
  /** Newest start first, then by id; `tournamentId` null asks for those outside of tournaments. */
  list(
    params: Readonly<
      {
        hotkey?: string
        imageType?: ImageType
        tournamentId?: string | null
        status?: BenchmarkEpochStatus
      } & PageParams
    >,
    options?: CallOptions,
  ): Promise<Page<BenchmarkEpoch>>
}
