import { utcDateSchema } from '@subnetkit/core'
import { defineCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { runTournamentDay } from '../tasks/contests/run-tournament-day.ts'
import { examplesText } from './command-group.ts'
import {
  findNamedTournament,
  sandboxFlags,
  sandboxFlagsShape,
  tournamentArgument,
  tournamentArgumentShape,
} from './contest-flags.ts'
import { dayText } from './tournament-text.ts'
import { withContest } from './with-contest.ts'

/** `benchmark tournament day`. */
export const runTournamentDayCommand = defineCommand({
  name: 'day',
  description: 'run one day of a competition; what is done is not done again',
  options: z.strictObject({ ...tournamentArgumentShape, ...sandboxFlagsShape, date: utcDateSchema }),
  flags: (command) => {
    tournamentArgument(command)
    sandboxFlags(command)
    command
      .requiredOption('--date <YYYY-MM-DD>', 'the day')
      .addHelpText('after', examplesText(['tournament day "August 2025" --date 2025-08-08']))
  },
  run: async ({ date: testDate, sandbox: sandboxKind, workers = null, allowLocal, ...tournament }, session) =>
    await withContest(
      session,
      { sandboxKind, workers, isLocalAllowed: allowLocal },
      async ({ deps, perform }) => {
        const { tournamentId } = await findNamedTournament(deps.repositories, tournament, session.signal)
        const day = await perform(runTournamentDay, deps, { tournamentId, testDate })
        return { value: day, text: dayText(day) }
      },
    ),
})
