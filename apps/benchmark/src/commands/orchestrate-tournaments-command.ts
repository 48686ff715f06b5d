import { defineCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import {
  type AdvancedTournament,
  advanceTournament,
  findOpenTournaments,
} from '../tasks/contests/advance-tournament.ts'
import { examplesText } from './command-group.ts'
import { dayFlags, dayFlagsShape, sandboxFlags, sandboxFlagsShape } from './contest-flags.ts'
import { advancedText, shownTournament } from './tournament-text.ts'
import { withContest } from './with-contest.ts'

/** `benchmark tournament orchestrate`. */
export const orchestrateTournamentsCommand = defineCommand({
  name: 'orchestrate',
  description: 'do what is due for every open tournament of a type: registration, days, scores, end',
  options: z.strictObject({ ...dayFlagsShape, ...sandboxFlagsShape }),
  flags: (command) => {
    sandboxFlags(command)
    dayFlags(command)
    const examples = ['tournament orchestrate', 'tournament orchestrate --date 2025-08-09']
    command.addHelpText('after', examplesText(examples))
  },
  run: async ({ imageType, date, sandbox: sandboxKind, workers = null, allowLocal }, session) =>
    await withContest(
      session,
      { sandboxKind, workers, isLocalAllowed: allowLocal },
      async ({ deps, perform }) => {
        const today = date ?? deps.clock.now().toISOString().slice(0, 10)
        const advanced: AdvancedTournament[] = []
        for (const { tournamentId } of await findOpenTournaments(deps, { imageType }, session.signal)) {
          advanced.push(await perform(advanceTournament, deps, { tournamentId, today }))
        }
        return {
          value: advanced.map((one) => ({ ...one, tournament: shownTournament(one.tournament) })),
          text: advanced.length === 0 ? 'no tournament is open' : advanced.map(advancedText).join('\n'),
        }
      },
    ),
})
