import { uuidSchema } from '@subnetkit/core'
import { dayFlags, dayFlagsSchema, defineCommand } from '@subnetkit/core/cli'

import { prepareDatasetTask } from '../tasks/datasets/prepare-dataset.ts'
import { examplesText } from './command-group.ts'
import { withRecords } from './with-records.ts'

/** `benchmark dataset prepare`. */
export const prepareDatasetCommand = defineCommand({
  name: 'prepare',
  description: 'make the dataset of one day of a contest before its runs ask for it',
  options: dayFlagsSchema.extend({ tournament: uuidSchema.optional() }),
  flags: (command) => {
    dayFlags(command, { network: 'torus', windowDays: 30 })
    command
      .option('--tournament <id>', 'whose worlds; without it those of epochs outside of tournaments')
      .addHelpText('after', examplesText(['dataset prepare --date 2025-08-01 --network bittensor']))
  },
  run: async ({ network, date: processingDate, windowDays, tournament }, session) =>
    await withRecords(session, {}, async ({ benchmark: { deps }, perform }) => {
      const context = { network, processingDate, windowDays, tournamentId: tournament ?? null }
      const { snapshotFolder, sha256, accounts, transfers } = await perform(prepareDatasetTask, deps, context)
      // Where the truth lies is not told: who reads this may be a miner.
      return {
        value: { snapshotFolder, sha256, accounts, transfers },
        text: `${transfers.toLocaleString('en-US')} transfers of ${accounts.toLocaleString('en-US')} accounts in ${snapshotFolder}`,
      }
    }),
})
