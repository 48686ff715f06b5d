import { type Clock, runTask } from '@subnetkit/core'

import type { RecordDeps } from '../tasks/contests/contest-deps.ts'
import { registerParticipant } from '../tasks/contests/register-participant.ts'
import { withdrawParticipant } from '../tasks/contests/withdraw-participant.ts'
import type { Registration } from './registration.ts'

/** What runs the tasks. */
export interface TaskRegistrationOptions {
  readonly clock: Clock
  /** In [0, 1). */
  readonly random: () => number
}

/**
 * Registration by the same tasks as on the command line, under the tournament's lock. Nothing is logged of refusals: they
 * are answers, and the server logs every failure of its own.
 */
export function taskRegistration(deps: RecordDeps, options: TaskRegistrationOptions): Registration {
  return {
    register: async ({ hotkey, signal, tournamentId }) =>
      await runTask(registerParticipant, deps, { hotkey, tournamentId }, { ...options, signal }),
    withdraw: async ({ hotkey, signal, tournamentId }) =>
      await runTask(withdrawParticipant, deps, { hotkey, tournamentId }, { ...options, signal }),
  }
}
