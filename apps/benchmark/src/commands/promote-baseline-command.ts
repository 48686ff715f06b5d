import { defineCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { promoteBaseline } from '../tasks/contests/promote-baseline.ts'
import { examplesText } from './command-group.ts'
import {
  findNamedTournament,
  sandboxFlags,
  sandboxFlagsShape,
  tournamentArgument,
  tournamentArgumentShape,
} from './contest-flags.ts'
import { withContest } from './with-contest.ts'

/** `benchmark baseline promote`. */
export const promoteBaselineCommand = defineCommand({
  name: 'promote',
  description: 'make the winner of a tournament the next baseline, if it beat the baseline',
  options: z.strictObject({ ...tournamentArgumentShape, ...sandboxFlagsShape }),
  flags: (command) => {
    tournamentArgument(command)
    sandboxFlags(command)
    command.addHelpText('after', examplesText(['baseline promote "August 2025"']))
  },
  run: async ({ sandbox: sandboxKind, workers = null, allowLocal, ...tournament }, session) =>
    await withContest(
      session,
      { sandboxKind, workers, isLocalAllowed: allowLocal },
      async ({ deps, perform }) => {
        const { tournamentId } = await findNamedTournament(deps.repositories, tournament, session.signal)
        const promoted = await perform(promoteBaseline, deps, { tournamentId })
        if (!promoted.isPromoted) {
          return { value: promoted, text: `nobody was promoted: ${promoted.reason}`, exitCode: 1 }
        }
        const { version, originatedFromHotkey } = promoted.baseline
        return { value: promoted, text: `${version} is the baseline now, from ${originatedFromHotkey ?? ''}` }
      },
    ),
})
