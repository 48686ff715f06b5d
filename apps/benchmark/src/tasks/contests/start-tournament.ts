import {
  type BenchmarkEpoch,
  type CallOptions,
  defineTask,
  type Tournament,
  type TournamentParticipant,
  uuidSchema,
} from '@subnetkit/core'
import { z } from 'zod'

import { epochIdOf } from '../../benchmark-ids.ts'
import type { RecordDeps } from './contest-deps.ts'
import { findParticipants } from './find-participants.ts'
import { setTournamentStatus } from './set-tournament-status.ts'

/** A tournament's own id as the whole context. */
export const tournamentContextSchema = z.strictObject({ tournamentId: uuidSchema })

/**
 * Ends registration: every participant gets its epoch and becomes active, then the competition is on. Killed in between, it
 * stays in registration with nobody able to tell, and a retry writes the same again.
 */
export const startTournament = defineTask({
  name: 'start-tournament',
  context: tournamentContextSchema,
  run: async (deps: RecordDeps, { tournamentId }, { signal }): Promise<Tournament> => {
    const move = { tournamentId, from: 'registration', to: 'in_progress' } as const
    return await setTournamentStatus(deps, move, signal, async (tournament, held) => {
      const options = { signal: held }
      for (const participant of await findParticipants(deps, tournament, options)) {
        if (participant.status !== 'registered') continue
        await makeEpoch(deps, tournament, participant, options)
        await deps.repositories.tournamentParticipants.put(
          { participant: { ...participant, status: 'active', updatedAt: deps.clock.now() } },
          options,
        )
      }
      return {}
    })
  },
})

/** The id of a participant's epoch. */
export function participantEpochId(
  { tournamentId, imageType, competitionStart }: Tournament,
  { hotkey }: Pick<TournamentParticipant, 'hotkey'>,
): string {
  return epochIdOf({ tournamentId, imageType, hotkey, startDate: competitionStart })
}

async function makeEpoch(
  { repositories, clock }: RecordDeps,
  tournament: Tournament,
  participant: TournamentParticipant,
  options: CallOptions,
): Promise<void> {
  const epoch: BenchmarkEpoch = {
    epochId: participantEpochId(tournament, participant),
    tournamentId: tournament.tournamentId,
    hotkey: participant.hotkey,
    imageType: tournament.imageType,
    participantType: participant.participantType,
    startDate: tournament.competitionStart,
    endDate: tournament.competitionEnd,
    status: 'pending',
    repository: participant.repository,
    commit: participant.commit,
    treeSha256: null,
    image: null,
    minerDatabaseName: participant.minerDatabaseName,
    errorMessage: null,
    createdAt: clock.now(),
    completedAt: null,
  }
  await repositories.benchmarkEpochs.put({ epoch }, options)
}
