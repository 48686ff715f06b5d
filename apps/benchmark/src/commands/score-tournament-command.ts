import { defineCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { completeTournament } from '../tasks/contests/complete-tournament.ts'
import { findParticipants } from '../tasks/contests/find-participants.ts'
import { scoreTournament } from '../tasks/contests/score-tournament.ts'
import { examplesText } from './command-group.ts'
import { findNamedTournament, tournamentArgument, tournamentArgumentShape } from './contest-flags.ts'
import { shownTournament, tournamentText } from './tournament-text.ts'
import { withRecords } from './with-records.ts'

/** `benchmark tournament score`. */
export const scoreTournamentCommand = defineCommand({
  name: 'score',
  description: 'score and rank a tournament whose competition is over, and complete it',
  options: z.strictObject(tournamentArgumentShape),
  flags: (command) => {
    tournamentArgument(command)
    command.addHelpText('after', examplesText(['tournament score "August 2025"']))
  },
  run: async (options, session) =>
    await withRecords(session, { needs: ['writer'] }, async ({ benchmark: { deps }, perform }) => {
      const { tournamentId } = await findNamedTournament(deps.repositories, options, session.signal)
      const { results } = await perform(scoreTournament, deps, { tournamentId })
      const tournament = await perform(completeTournament, deps, { tournamentId })
      const participants = await findParticipants(deps, tournament, { signal: session.signal })
      return {
        value: { tournament: shownTournament(tournament), results },
        text: tournamentText(tournament, participants, results),
      }
    }),
})
