import type { HeldLock } from '../models/held-lock.ts'
import type { CallOptions } from './call-options.ts'

/** Locks between processes on any machines: one holder per name until it gives it back or its time runs out. */
export interface LockRepository {
  /**
   * Takes the lock, or gives null when somebody else holds it. The same token again renews it.
   *
   * @throws StorageError `invalid_input` for a name, owner or token that is no `actor`, or a time out of 1 s – 1 day.
   */
  acquire(
    params: Readonly<{ name: string; owner: string; token: string; leaseMs: number; now: Date }>,
    options?: CallOptions,
  ): Promise<HeldLock | null>
  /**
   * Moves its end on, never back. One that ran out is renewed too, as long as nobody took it meanwhile.
   *
   * @throws StorageError `conflict`, `details.reason` `lease_lost`, when it is not this token's; `invalid_input` as
   * `acquire` does.
   */
  renew(
    params: Readonly<{ name: string; token: string; leaseMs: number; now: Date }>,
    options?: CallOptions,
  ): Promise<HeldLock>
  /** Gives it back; harmless when it is not this token's any more. */
  release(params: Readonly<{ name: string; token: string }>, options?: CallOptions): Promise<void>
  /** Who holds it, or null: nobody does, or its time is over by `now`. */
  find(params: Readonly<{ name: string; now: Date }>, options?: CallOptions): Promise<HeldLock | null>
}
