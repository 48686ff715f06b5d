import { defineCommand, migrationsText } from '@subnetkit/core/cli'
import { z } from 'zod'

import { initialiseTask } from '../tasks/initialise.ts'
import { examplesText } from './command-group.ts'
import { withRecords } from './with-records.ts'

/** `benchmark init`. */
export const initCommand = defineCommand({
  name: 'init',
  description: 'create the control database and bring its tables to the newest schema',
  options: z.strictObject({ dryRun: z.boolean().default(false) }),
  flags: (command) =>
    command
      .option('--dry-run', 'only say what would be done')
      .addHelpText('after', examplesText(['init', 'init --dry-run --json'])),
  run: async ({ dryRun }, session) =>
    await withRecords(session, { needs: dryRun ? [] : ['writer'] }, async ({ benchmark, perform }) => {
      const report = await perform(initialiseTask, benchmark, { isDryRun: dryRun })
      return {
        value: { ...report, dryRun },
        text: migrationsText(report, dryRun),
      }
    }),
})
