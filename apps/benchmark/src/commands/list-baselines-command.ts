import { imageTypeSchema } from '@subnetkit/core'
import { defineCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { findBaselines } from '../tasks/contests/activate-baseline.ts'
import { examplesText } from './command-group.ts'
import { plainTable } from './plain-table.ts'
import { withRecords } from './with-records.ts'

/** `benchmark baseline list`. */
export const listBaselinesCommand = defineCommand({
  name: 'list',
  description: 'list all versions of the baseline, newest first',
  options: z.strictObject({ imageType: imageTypeSchema }),
  flags: (command) => {
    command
      .option('--image-type <type>', 'analytics or ml', 'analytics')
      .addHelpText('after', examplesText(['baseline list', 'baseline list --image-type ml --json']))
  },
  run: async ({ imageType }, session) =>
    await withRecords(session, {}, async ({ benchmark: { deps } }) => {
      const baselines = await findBaselines(deps, { imageType }, session.signal)
      const rows = baselines.map((one) => [
        one.version,
        one.status,
        one.originatedFromHotkey ?? 'seeded',
        one.commit.slice(0, 12),
        one.repository,
        one.errorMessage ?? '',
      ])
      const table = plainTable(['version', 'status', 'from', 'commit', 'repository', 'why'], rows)
      return { value: { baselines }, text: rows.length === 0 ? 'no baseline' : table }
    }),
})
