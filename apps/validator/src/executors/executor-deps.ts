import type { Logger, Repositories } from '@subnetkit/core'
import { RequestRefusal } from '@subnetkit/core/http'

import type { Environment } from '../ports/environment.ts'
import type { SamplingSettings } from '../sampling/sampling-settings.ts'
import type { LostReason, StoreAttemptDeps } from '../sampling/store-attempt.ts'

/** What serving remote executors works with. */
export interface ExecutorDeps {
  readonly repositories: Pick<Repositories, 'samples' | 'samplingTasks' | 'miners' | 'executionLogs'>
  readonly environments: ReadonlyMap<string, Environment>
  readonly settings: () => Promise<SamplingSettings>
  readonly validatorHotkey: string
  readonly blockNumberAt: (now: Date) => number
  readonly now: () => Date
  readonly log: Logger
}

/** For `storeAttempt` and `settleStored`: a step that fails is the request's failure, and the executor sends it again. */
export function storeDepsOf(deps: ExecutorDeps): StoreAttemptDeps {
  const { repositories, log, now } = deps
  return { repositories, log, now, step: (_name, run) => run() }
}

/**
 * The lease token of a claim: it begins with the executor's hotkey, so that no executor can hold, name or guess
 * another's lease.
 */
export function tokenOf(hotkey: string, claimId: string): string {
  return `${hotkey}.${claimId}`
}

/** @throws RequestRefusal 403 when the token is another executor's, or no executor's. */
export function checkTokenOwner(hotkey: string, token: string): void {
  if (token.startsWith(`${hotkey}.`)) return
  throw new RequestRefusal({
    status: 403,
    code: 'not_assigned',
    message: 'this lease is not held by the hotkey that signed the request',
    hint: 'send the token that your own claim returned',
  })
}

const lostTexts: Readonly<Record<LostReason, string>> = {
  lease_lost: 'the lease ran out or was given back, and another worker may have the task',
  revoked: 'the task was revoked, because the miner serves another model',
  completed: 'the task was completed with another answer',
}

/** The refusal of a change under a lease that does not count any more. */
export function leaseRefusal(reason: LostReason): RequestRefusal {
  return new RequestRefusal({
    status: 409,
    code: reason,
    message: lostTexts[reason],
    hint: 'drop this task and claim another',
  })
}
