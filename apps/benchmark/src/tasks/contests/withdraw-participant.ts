import { defineTask, type TournamentParticipant } from '@subnetkit/core'

import { lockNames } from '../../ports/locks.ts'
import { RegistrationError } from '../../tournament/registration-error.ts'
import type { RecordDeps } from './contest-deps.ts'
import { openForRegistration, registrationContextSchema } from './register-participant.ts'
import { withinLock } from '../within-lock.ts'

/**
 * Takes a miner out of a tournament while registration lasts; its place is free again. Asked again it does nothing.
 *
 * @throws RegistrationError TOURNAMENT_NOT_FOUND, NOT_REGISTRATION_PERIOD or NOT_REGISTERED.
 */
export const withdrawParticipant = defineTask({
  name: 'withdraw-participant',
  context: registrationContextSchema,
  run: async (deps: RecordDeps, { tournamentId, hotkey }, { signal }): Promise<TournamentParticipant> => {
    const { tournamentParticipants: participants } = deps.repositories
    return await withinLock(deps.locks, lockNames.tournament(tournamentId), signal, async (held) => {
      const options = { signal: held }
      await openForRegistration(deps, tournamentId, options)
      const before = await participants.find({ tournamentId, hotkey }, options)
      if (before === null || before.participantType === 'baseline') {
        throw new RegistrationError('NOT_REGISTERED', {
          field: 'hotkey',
          value: hotkey,
          problem: 'does not take part',
          hint: 'name a registered miner: benchmark tournament show',
        })
      }
      if (before.status === 'withdrawn') return before
      const participant = { ...before, status: 'withdrawn' as const, updatedAt: deps.clock.now() }
      await participants.put({ participant }, options)
      return participant
    })
  },
})
