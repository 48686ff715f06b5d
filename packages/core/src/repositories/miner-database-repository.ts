import type { MinerDatabase, MinerDatabaseStatus } from '../models/miner-database.ts'
import type { CallOptions } from './call-options.ts'
import type { Page, PageParams } from './page.ts'
import type { SubmissionKey } from './submission-repository.ts'

/** Which output databases there are (`benchmark_miner_databases`). */
export interface MinerDatabaseRepository {
  /** Stores it as it stands now. */
  put(params: Readonly<{ minerDatabase: MinerDatabase }>, options?: CallOptions): Promise<void>
  find(params: SubmissionKey, options?: CallOptions): Promise<MinerDatabase | null>
  /** @throws StorageError `not_found` */
  get(params: SubmissionKey, options?: CallOptions): Promise<MinerDatabase>
  /** Used last first, then by name; of one status where it is given. */
  list(
    params: Readonly<{ status?: MinerDatabaseStatus } & PageParams>,
    options?: CallOptions,
  ): Promise<Page<MinerDatabase>>
  /**
   * Notes a use, and a change of status where one is given.
   *
   * @throws StorageError `not_found`
   */
  touch(
    params: SubmissionKey & Readonly<{ status?: MinerDatabaseStatus; now: Date }>,
    options?: CallOptions,
  ): Promise<MinerDatabase>
}
