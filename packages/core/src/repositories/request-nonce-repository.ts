import type { RequestNonce } from '../models/request-nonce.ts'
import type { CallOptions } from './call-options.ts'

/** Remembers which signed requests were let in, for all servers over one store, across restarts. */
export interface RequestNonceRepository {
  /**
   * Takes a nonce. Of any number of callers exactly one is told `true` until the nonce expires; the same admission
   * again, after a lost answer, is told `true` again.
   */
  claim(params: Readonly<{ nonce: RequestNonce; now: Date }>, options?: CallOptions): Promise<boolean>
  /** Removes all that have expired, where the engine does not do so by itself. Any number of sweepers may run. */
  sweep(params: Readonly<{ now: Date }>, options?: CallOptions): Promise<Readonly<{ removed: number }>>
}
