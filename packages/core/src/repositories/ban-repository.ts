import type { Ban, BannedKey } from '../models/ban.ts'
import type { CallOptions } from './call-options.ts'
import type { Page, PageParams } from './page.ts'

/** Bans by hotkey and by coldkey, kept as history. */
export interface BanRepository {
  /** Bans a key. One that is banned stays so as it was: the first reason stands. Gives the ban in force. */
  ban(
    params: BannedKey & Readonly<{ reason: string; by: string; now: Date }>,
    options?: CallOptions,
  ): Promise<Ban>
  /**
   * Ends a key's ban and gives it; one that was lifted before is given as it is.
   *
   * @throws StorageError `not_found` when the key was never banned.
   */
  lift(params: BannedKey & Readonly<{ by: string; now: Date }>, options?: CallOptions): Promise<Ban>
  /**
   * The one place that decides who is banned: the ban in force on the hotkey, else that on its coldkey, else null.
   * Consistent.
   *
   * @param params.coldkey null while no chain was asked whose the hotkey is.
   */
  findInForce(
    params: Readonly<{ hotkey: string; coldkey: string | null }>,
    options?: CallOptions,
  ): Promise<Ban | null>
  /** Every ban there ever was, in no order that means anything. */
  list(params: PageParams, options?: CallOptions): Promise<Page<Ban>>
}
