import { defineCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { allPages } from '../tasks/all-pages.ts'
import { findParticipants } from '../tasks/contests/find-participants.ts'
import { examplesText } from './command-group.ts'
import { findNamedTournament, tournamentArgument, tournamentArgumentShape } from './contest-flags.ts'
import { shownTournament, tournamentText } from './tournament-text.ts'
import { withRecords } from './with-records.ts'

/** `benchmark tournament show`. */
export const showTournamentCommand = defineCommand({
  name: 'show',
  description: 'show a tournament with its participants, and their ranks when it is scored',
  options: z.strictObject(tournamentArgumentShape),
  flags: (command) => {
    tournamentArgument(command)
    command.addHelpText('after', examplesText(['tournament show "August 2025"']))
  },
  run: async (options, session) =>
    await withRecords(session, {}, async ({ benchmark: { deps } }) => {
      const { tournamentResults } = deps.repositories
      const signal = { signal: session.signal }
      const tournament = await findNamedTournament(deps.repositories, options, session.signal)
      const { tournamentId } = tournament
      const participants = await findParticipants(deps, tournament, signal)
      const results = await allPages((page) => tournamentResults.list({ tournamentId, ...page }, signal))
      return {
        value: { tournament: shownTournament(tournament), participants, results },
        text: tournamentText(tournament, participants, results),
      }
    }),
})
