import { defineTask, InputError, type Tournament } from '@subnetkit/core'

import { takesPart } from '../../tournament/takes-part.ts'
import { allPages } from '../all-pages.ts'
import type { RecordDeps } from './contest-deps.ts'
import { findParticipants } from './find-participants.ts'
import { setTournamentStatus } from './set-tournament-status.ts'
import { participantEpochId, tournamentContextSchema } from './start-tournament.ts'

/**
 * Ends a tournament that was scored: epochs and participants are completed, then the tournament with its winner, or with none.
 *
 * @throws InputError before it was scored.
 */
export const completeTournament = defineTask({
  name: 'complete-tournament',
  context: tournamentContextSchema,
  run: async (deps: RecordDeps, { tournamentId }, { signal }): Promise<Tournament> => {
    const { benchmarkEpochs, tournamentParticipants, tournamentResults } = deps.repositories
    const move = { tournamentId, from: 'scoring', to: 'completed' } as const
    return await setTournamentStatus(deps, move, signal, async (tournament, held) => {
      const options = { signal: held }
      const results = await allPages((page) => tournamentResults.list({ tournamentId, ...page }, options))
      const participants = await findParticipants(deps, tournament, options)
      if (results.length === 0 && participants.some(({ status }) => status !== 'withdrawn')) {
        throw notScored(tournament)
      }
      const now = deps.clock.now()
      for (const participant of participants) {
        const epoch = await benchmarkEpochs.find(
          { epochId: participantEpochId(tournament, participant) },
          options,
        )
        if (epoch?.status === 'running') {
          await benchmarkEpochs.put({ epoch: { ...epoch, status: 'completed', completedAt: now } }, options)
        }
        if (takesPart(participant) && participant.status !== 'completed') {
          const completed = { ...participant, status: 'completed' as const, updatedAt: now }
          await tournamentParticipants.put({ participant: completed }, options)
        }
      }
      const winner = results.find(({ isWinner }) => isWinner)
      return {
        winnerHotkey: winner?.hotkey ?? null,
        isBaselineBeaten: winner?.isBaselineBeaten ?? false,
        completedAt: now,
      }
    })
  },
})

function notScored({ name }: Tournament): InputError {
  return new InputError({
    field: 'tournament',
    value: name,
    problem: 'has no results yet',
    hint: 'score it first: benchmark tournament score',
  })
}
