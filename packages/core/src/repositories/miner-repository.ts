import type { Miner, MinerDeparture, MinerPlace, MinerRegistration } from '../models/miner.ts'
import type { ExecutionOutcome } from '../models/sampling-task.ts'
import type { CallOptions } from './call-options.ts'
import type { Page, PageParams } from './page.ts'

/** Miners by hotkey. Nobody is ever removed: statistics and history outlive a deregistration. */
export interface MinerRepository {
  /**
   * Stores what a miner says of itself; place, pause and statistics stay as they are. Nothing changes when its `lastBlock`
   * is lower than the stored one; null is lower than any. Gives what is stored afterwards.
   */
  put(params: Readonly<{ registration: MinerRegistration; now: Date }>, options?: CallOptions): Promise<Miner>
  /**
   * Stores where the chain has a miner: `uid` follows it, and `coldkey` unless it is null. Whatever uid the miner leaves is
   * noted in `departures` by the same write, so that no crash can forget what still hangs on it. Nothing changes when the
   * place of a later block is stored. Gives what is stored afterwards.
   *
   * @throws StorageError `not_found` when the miner is not known.
   */
  place(
    params: Readonly<{ hotkey: string; place: MinerPlace; coldkey: string | null; now: Date }>,
    options?: CallOptions,
  ): Promise<Miner>
  /**
   * Takes a departure off the miner's list, because everything that hung on it is done; harmless when it is not there.
   *
   * @throws StorageError `not_found` when the miner is not known.
   */
  settle(
    params: Readonly<{ hotkey: string; departure: MinerDeparture; now: Date }>,
    options?: CallOptions,
  ): Promise<Miner>
  /** Consistent. */
  find(params: Readonly<{ hotkey: string }>, options?: CallOptions): Promise<Miner | null>
  /** The miner with the newest `lastBlock` among those stored under this uid, or null; eventual. */
  findByUid(params: Readonly<{ uid: number }>, options?: CallOptions): Promise<Miner | null>
  /** All miners, each once, in no order that means anything. */
  list(params: PageParams, options?: CallOptions): Promise<Page<Miner>>
  /** @throws StorageError `not_found` when the miner is not known. */
  pause(
    params: Readonly<{ hotkey: string; reason: string; until: Date | null; now: Date }>,
    options?: CallOptions,
  ): Promise<Miner>
  /** Ends the pause and the row of consecutive errors. @throws StorageError `not_found`. */
  resume(params: Readonly<{ hotkey: string; now: Date }>, options?: CallOptions): Promise<Miner>
  /**
   * Counts one outcome in one conditional write. `outcomeId` names the attempt: reporting it again, also by the
   * client's own resend after a lost answer, counts once, as long as it is among the miner's last 64. An
   * `infrastructure_fault` changes nothing.
   *
   * @throws StorageError `not_found` when the miner is not known.
   */
  recordOutcome(
    params: Readonly<{ hotkey: string; outcomeId: string; outcome: ExecutionOutcome; now: Date }>,
    options?: CallOptions,
  ): Promise<Miner>
}
