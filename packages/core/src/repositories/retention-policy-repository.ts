import type { RetentionPolicy } from '../models/retention-policy.ts'
import type { CallOptions } from './call-options.ts'
import type { Page, PageParams } from './page.ts'

/** One model of one miner: what a policy is about. */
export type RetentionSubject = Readonly<{ minerHotkey: string; modelRevision: string }>

/** Which models keep their samples for ever. */
export interface RetentionPolicyRepository {
  /** Protects; `protectedSince` stays when it was protected already. */
  protect(
    params: RetentionSubject & Readonly<{ because: string; now: Date }>,
    options?: CallOptions,
  ): Promise<RetentionPolicy>
  /** Ends the protection. */
  unprotect(
    params: RetentionSubject & Readonly<{ now: Date }>,
    options?: CallOptions,
  ): Promise<RetentionPolicy>
  /** Notes that a clean-up went through. */
  recordCleanup(
    params: RetentionSubject & Readonly<{ now: Date }>,
    options?: CallOptions,
  ): Promise<RetentionPolicy>
  /** Consistent. */
  find(params: RetentionSubject, options?: CallOptions): Promise<RetentionPolicy | null>
  /** All policies of a miner, by revision. */
  list(
    params: Readonly<{ minerHotkey: string } & PageParams>,
    options?: CallOptions,
  ): Promise<Page<RetentionPolicy>>
}
