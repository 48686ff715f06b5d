import type { ConfigValue, SystemConfig } from '../models/system-config.ts'
import type { CallOptions } from './call-options.ts'
import type { Page, PageParams } from './page.ts'

/** A new value, and the version that it follows. */
export type PutSystemConfigParams = Readonly<{
  key: string
  setting: ConfigValue
  /** The version that the writer saw; 0 for a key that must not exist yet; absent to follow whatever is there. */
  expectedVersion?: number
  updatedBy: string
  now: Date
}>

/** Typed configuration with a version condition and a history that is never rewritten. */
export interface SystemConfigRepository {
  /**
   * Stores the next version. A crash at any point leaves either the old value, or the new one with its history.
   *
   * @throws StorageError `conflict` when `expectedVersion` is no longer the current one; `details.currentVersion` says
   *   which is.
   */
  put(params: PutSystemConfigParams, options?: CallOptions): Promise<SystemConfig>
  /** The current version, or null. */
  find(params: Readonly<{ key: string }>, options?: CallOptions): Promise<SystemConfig | null>
  /** The current version of every key, in the order of keys. */
  list(params: PageParams, options?: CallOptions): Promise<Page<SystemConfig>>
  /** What changed in a key since a version that the caller has: versions above it, oldest first. */
  listChanges(
    params: Readonly<{ key: string; afterVersion: number } & PageParams>,
    options?: CallOptions,
  ): Promise<Page<SystemConfig>>
  /** All versions of a key, newest first. */
  listHistory(
    params: Readonly<{ key: string } & PageParams>,
    options?: CallOptions,
  ): Promise<Page<SystemConfig>>
}
