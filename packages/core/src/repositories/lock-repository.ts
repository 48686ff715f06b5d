import type { CallOptions } from './call-options.ts'

/** A lock that is held until a time. */
export interface HeldLock {
  readonly name: string
  readonly owner: string
  readonly token: string
  readonly expiresAt: Date
}

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
  /** Moves its end on. @throws StorageError `conflict`, `details.reason` `lease_lost`, when it is not this token's. */
  renew(
    params: Readonly<{ name: string; token: string; leaseMs: number; now: Date }>,
    options?: CallOptions,
  ): Promise<HeldLock>
  /** Gives it back; harmless when it is not this token's any more. */
  release(params: Readonly<{ name: string; token: string }>, options?: CallOptions): Promise<void>
  /** Who holds it, or null. */
  find(params: Readonly<{ name: string; now: Date }>, options?: CallOptions): Promise<HeldLock | null>
}
