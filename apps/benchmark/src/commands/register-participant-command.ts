import { hotkeySchema } from '@subnetkit/core'
import { defineCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { registerParticipant } from '../tasks/register-participant.ts'
import { examplesText } from './command-group.ts'
import { toTournamentId, tournamentArgument, tournamentArgumentShape } from './contest-flags.ts'
import { withRecords } from './with-records.ts'

/** `benchmark tournament register`. */
export const registerParticipantCommand = defineCommand({
  name: 'register',
  description: 'register a miner with the commit that its submission is pinned at',
  options: z.strictObject({ ...tournamentArgumentShape, hotkey: hotkeySchema }),
  flags: (command) => {
    tournamentArgument(command)
    command
      .requiredOption('--hotkey <ss58>', 'the miner')
      .addHelpText(
        'after',
        examplesText([
          'tournament register "August 2025" --hotkey 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
        ]),
      )
  },
  run: async ({ hotkey, ...tournament }, session) =>
    await withRecords(session, { needs: ['writer'] }, async ({ benchmark: { deps }, perform }) => {
      const context = { tournamentId: toTournamentId(tournament), hotkey }
      const participant = await perform(registerParticipant, deps, context)
      const { status, registrationOrder } = participant
      return { value: participant, text: `${hotkey} is ${status}, order ${registrationOrder}` }
    }),
})
