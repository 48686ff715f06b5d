import { hotkeySchema } from '@subnetkit/core'
import { defineCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { withdrawParticipant } from '../tasks/withdraw-participant.ts'
import { examplesText } from './command-group.ts'
import { toTournamentId, tournamentArgument, tournamentArgumentShape } from './contest-flags.ts'
import { withRecords } from './with-records.ts'

/** `benchmark tournament withdraw`. */
export const withdrawParticipantCommand = defineCommand({
  name: 'withdraw',
  description: 'take a miner out while registration lasts; its place is free again',
  options: z.strictObject({ ...tournamentArgumentShape, hotkey: hotkeySchema }),
  flags: (command) => {
    tournamentArgument(command)
    command
      .requiredOption('--hotkey <ss58>', 'the miner')
      .addHelpText(
        'after',
        examplesText([
          'tournament withdraw "August 2025" --hotkey 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
        ]),
      )
  },
  run: async ({ hotkey, ...tournament }, session) =>
    await withRecords(session, { needs: ['writer'] }, async ({ benchmark: { deps }, perform }) => {
      const context = { tournamentId: toTournamentId(tournament), hotkey }
      const participant = await perform(withdrawParticipant, deps, context)
      const { status, registrationOrder } = participant
      return { value: participant, text: `${hotkey} is ${status}, order ${registrationOrder}` }
    }),
})
