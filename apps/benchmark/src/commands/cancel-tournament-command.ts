import { defineCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { cancelTournament } from '../tasks/contests/cancel-tournament.ts'
import { findParticipants } from '../tasks/contests/find-participants.ts'
import { examplesText } from './command-group.ts'
import { findNamedTournament, tournamentArgument, tournamentArgumentShape } from './contest-flags.ts'
import { shownTournament, tournamentText } from './tournament-text.ts'
import { withRecords } from './with-records.ts'

/** `benchmark tournament cancel`. */
export const cancelTournamentCommand = defineCommand({
  name: 'cancel',
  description: 'end a tournament before its end: nothing of it runs any more, and nobody wins',
  options: z.strictObject({ ...tournamentArgumentShape, reason: z.string() }),
  flags: (command) => {
    tournamentArgument(command)
    command
      .requiredOption('--reason <text>', 'why; everybody is told')
      .addHelpText('after', examplesText(['tournament cancel "August 2025" --reason "its seed leaked"']))
  },
  run: async ({ reason, ...named }, session) =>
    await withRecords(session, { needs: ['writer'] }, async ({ benchmark: { deps }, perform }) => {
      const { tournamentId } = await findNamedTournament(deps.repositories, named, session.signal)
      const tournament = await perform(cancelTournament, deps, { tournamentId, reason })
      const participants = await findParticipants(deps, tournament, { signal: session.signal })
      return {
        value: { tournament: shownTournament(tournament) },
        text: tournamentText(tournament, participants, []),
      }
    }),
})
