import {
  defineTask,
  hotkeySchema,
  type Submission,
  type Tournament,
  type TournamentParticipant,
  uuidSchema,
} from '@subnetkit/core'
import { checkHotkey } from '@subnetkit/core/ss58'
import { z } from 'zod'

import { minerDatabaseName } from '../../miner-database-name.ts'
import { lockNames } from '../../ports/locks.ts'
import { RegistrationError } from '../../tournament/registration-error.ts'
import type { RecordDeps } from './contest-deps.ts'
import { withinLock } from '../within-lock.ts'

/** Who registers for, or withdraws from, which tournament. */
export const registrationContextSchema = z.strictObject({ tournamentId: uuidSchema, hotkey: hotkeySchema })

/**
 * Registers a miner with the commit that is pinned now. Checked in this order: the tournament exists and takes
 * registrations, the miner has a submission of its type that was not refused or disabled, is not registered, and a place
 * is left. Whoever withdrew may register again, behind everybody else.
 *
 * @throws RegistrationError with the code of the first check that fails; InputError for a hotkey that is none.
 */
export const registerParticipant = defineTask({
  name: 'register-participant',
  context: registrationContextSchema,
  run: async (deps: RecordDeps, { tournamentId, hotkey }, { signal }): Promise<TournamentParticipant> => {
    checkHotkey('hotkey', hotkey)
    const { tournamentParticipants: participants, submissions } = deps.repositories
    // Those who cannot register anyway do not queue for the lock.
    const { imageType } = await openForRegistration(deps, tournamentId, { signal })
    usableSubmission(await submissions.find({ hotkey, imageType }, { signal }), hotkey, imageType)
    return await withinLock(deps.locks, lockNames.tournament(tournamentId), signal, async (held) => {
      const options = { signal: held }
      const [tournament, found, before, counts, registrationOrder] = await Promise.all([
        openForRegistration(deps, tournamentId, options),
        submissions.find({ hotkey, imageType }, options),
        participants.find({ tournamentId, hotkey }, options),
        participants.countMiners({ tournamentIds: [tournamentId] }, options),
        participants.nextRegistrationOrder({ tournamentId }, options),
      ])
      const submission = usableSubmission(found, hotkey, imageType)
      if (before !== null && before.status !== 'withdrawn') throw alreadyRegistered(before)
      if ((counts.get(tournamentId) ?? 0) >= tournament.maxParticipants) throw noPlaceLeft(tournament)
      const now = deps.clock.now()
      const participant: TournamentParticipant = {
        tournamentId,
        hotkey,
        participantType: 'miner',
        registrationOrder,
        repository: submission.repository,
        commit: submission.commit,
        minerDatabaseName: minerDatabaseName({ prefix: deps.databasePrefix, imageType, hotkey }),
        baselineId: null,
        status: 'registered',
        reason: null,
        disqualifiedOnDay: null,
        registeredAt: now,
        updatedAt: now,
      }
      await participants.put({ participant }, options)
      return participant
    })
  },
})

/** The tournament, if it takes registrations and withdrawals now. @throws RegistrationError */
export async function openForRegistration(
  { repositories }: Pick<RecordDeps, 'repositories'>,
  tournamentId: string,
  options: Readonly<{ signal: AbortSignal }>,
): Promise<Tournament> {
  const tournament = await repositories.tournaments.find({ tournamentId }, options)
  if (tournament === null) {
    throw new RegistrationError('TOURNAMENT_NOT_FOUND', {
      field: 'tournament',
      value: tournamentId,
      problem: 'is not known',
      hint: 'take an id from benchmark tournament list',
    })
  }
  if (tournament.status === 'cancelled') {
    throw new RegistrationError('NOT_REGISTRATION_PERIOD', {
      field: 'tournament',
      value: tournament.name,
      problem: `was cancelled: ${tournament.cancelReason ?? ''}`,
      hint: 'take part in another one: benchmark tournament list',
    })
  }
  if (tournament.status !== 'registration') {
    throw new RegistrationError('NOT_REGISTRATION_PERIOD', {
      field: 'tournament',
      value: tournament.name,
      problem: `is in ${tournament.status}`,
      hint: `register from ${tournament.registrationStart} to ${tournament.registrationEnd}`,
    })
  }
  return tournament
}

function usableSubmission(submission: Submission | null, hotkey: string, imageType: string): Submission {
  if (submission === null) {
    throw new RegistrationError('MINER_NOT_FOUND', {
      field: 'hotkey',
      value: hotkey,
      problem: `has no submission of type ${imageType}`,
      hint: 'add its repository first: benchmark submission add',
    })
  }
  if (submission.status === 'failed' || submission.status === 'disabled') {
    const why = submission.validationError === null ? '' : `: ${submission.validationError}`
    throw new RegistrationError('MINER_NOT_ACTIVE', {
      field: 'hotkey',
      value: hotkey,
      problem: `has a submission that is ${submission.status}${why}`,
      hint: 'add a commit that is accepted: benchmark submission add',
    })
  }
  return submission
}

function alreadyRegistered({ hotkey, status }: TournamentParticipant): RegistrationError {
  return new RegistrationError('ALREADY_REGISTERED', {
    field: 'hotkey',
    value: hotkey,
    problem: `takes part already (${status})`,
    hint: 'withdraw it first to register another commit',
  })
}

function noPlaceLeft({ name, maxParticipants }: Tournament): RegistrationError {
  return new RegistrationError('MAX_PARTICIPANTS', {
    field: 'tournament',
    value: name,
    problem: `has all of its ${maxParticipants} places taken`,
    hint: 'wait for a withdrawal or the next tournament',
  })
}
