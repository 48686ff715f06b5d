import { hotkeySchema } from '@subnetkit/core'
import { defineCommand, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { registerParticipant } from '../tasks/contests/register-participant.ts'
import { withdrawParticipant } from '../tasks/contests/withdraw-participant.ts'
import { examplesText } from './command-group.ts'
import { findNamedTournament, tournamentArgument, tournamentArgumentShape } from './contest-flags.ts'
import { withRecords } from './with-records.ts'

const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'

/** `benchmark tournament register`. */
export const registerParticipantCommand: ProgramCommand = participantCommand(
  'register',
  'register a miner with the commit that its submission is pinned at',
  registerParticipant,
)

/** `benchmark tournament withdraw`. */
export const withdrawParticipantCommand: ProgramCommand = participantCommand(
  'withdraw',
  'take a miner out while registration lasts; its place is free again',
  withdrawParticipant,
)

function participantCommand(
  name: string,
  description: string,
  task: typeof registerParticipant | typeof withdrawParticipant,
): ProgramCommand {
  return defineCommand({
    name,
    description,
    options: z.strictObject({ ...tournamentArgumentShape, hotkey: hotkeySchema }),
    flags: (command) => {
      tournamentArgument(command)
      command
        .requiredOption('--hotkey <ss58>', 'the miner')
        .addHelpText('after', examplesText([`tournament ${name} "August 2025" --hotkey ${ALICE}`]))
    },
    run: async ({ hotkey, ...tournament }, session) =>
      await withRecords(session, { needs: ['writer'] }, async ({ benchmark: { deps }, perform }) => {
        const { tournamentId } = await findNamedTournament(deps.repositories, tournament, session.signal)
        const participant = await perform(task, deps, { tournamentId, hotkey })
        const { status, registrationOrder } = participant
        return { value: participant, text: `${hotkey} is ${status}, order ${registrationOrder}` }
      }),
  })
}
