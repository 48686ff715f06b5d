import type { Baseline } from '../models/baseline.ts'
import type { ImageType } from '../models/image-type.ts'
import type { CallOptions } from './call-options.ts'
import type { Page, PageParams } from './page.ts'

/** Versions of the baseline (`baseline_registry`). Whoever changes one holds the lock of its type. */
export interface BaselineRepository {
  /** Stores it as it stands now; the newest stored under type and version is the one that is read. */
  put(params: Readonly<{ baseline: Baseline }>, options?: CallOptions): Promise<void>
  find(params: Readonly<{ baselineId: string }>, options?: CallOptions): Promise<Baseline | null>
  /** @throws StorageError `not_found` */
  get(params: Readonly<{ baselineId: string }>, options?: CallOptions): Promise<Baseline>
  /** Of those with status `active` the one that was activated last; null without one. */
  findActive(params: Readonly<{ imageType: ImageType }>, options?: CallOptions): Promise<Baseline | null>
  /** Newest first: by creation, then id, both falling. */
  list(
    params: Readonly<{ imageType?: ImageType } & PageParams>,
    options?: CallOptions,
  ): Promise<Page<Baseline>>
}
