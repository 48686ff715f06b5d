import type { ImageType } from '../models/image-type.ts'
import type { Submission, SubmissionStatus } from '../models/submission.ts'
import type { CallOptions } from './call-options.ts'
import type { Page, PageParams } from './page.ts'

/** Which submission: a miner has one of each type. */
export interface SubmissionKey {
  readonly hotkey: string
  readonly imageType: ImageType
}

/** The registry of miners' submissions (`benchmark_miner_registry`). Whoever changes one holds its lock. */
export interface SubmissionRepository {
  /** Stores it as it stands now; the newest stored under its key is the one that is read. */
  put(params: Readonly<{ submission: Submission }>, options?: CallOptions): Promise<void>
  find(params: SubmissionKey, options?: CallOptions): Promise<Submission | null>
  /** @throws StorageError `not_found` */
  get(params: SubmissionKey, options?: CallOptions): Promise<Submission>
  /** By registration, then hotkey, then type; of one type or status where they are given. */
  list(
    params: Readonly<{ imageType?: ImageType; status?: SubmissionStatus } & PageParams>,
    options?: CallOptions,
  ): Promise<Page<Submission>>
  /**
   * Changes only status and reason of the newest row.
   *
   * @throws StorageError `not_found`
   */
  setStatus(
    params: SubmissionKey & Readonly<{ status: SubmissionStatus; validationError: string | null; now: Date }>,
    options?: CallOptions,
  ): Promise<Submission>
}
