import { imageTypeSchema, submissionStatuses } from '@subnetkit/core'
import { defineCommand, numberFromText } from '@subnetkit/core/cli'
import { z } from 'zod'

import { examplesText } from './command-group.ts'
import { plainTable } from './plain-table.ts'
import { withRecords } from './with-records.ts'

const optionsSchema = z.strictObject({
  imageType: imageTypeSchema.optional(),
  status: z.enum(submissionStatuses).optional(),
  limit: numberFromText(z.int().min(1).max(1_000)),
})

/** `benchmark submission list`. */
export const listSubmissionsCommand = defineCommand({
  name: 'list',
  description: 'list submissions in the order of their registration',
  options: optionsSchema,
  flags: (command) => {
    command
      .option('--image-type <type>', 'only of this type')
      .option('--status <status>', `only in this state: ${submissionStatuses.join(', ')}`)
      .option('--limit <n>', 'at most so many', '100')
      .addHelpText('after', examplesText(['submission list', 'submission list --status failed']))
  },
  run: async ({ limit, imageType, status }, session) =>
    await withRecords(session, {}, async ({ benchmark: { deps } }) => {
      const { items } = await deps.repositories.submissions.list(
        {
          limit,
          ...(imageType === undefined ? {} : { imageType }),
          ...(status === undefined ? {} : { status }),
        },
        { signal: session.signal },
      )
      const rows = items.map((one) => [
        one.hotkey,
        one.imageType,
        one.status,
        one.commit.slice(0, 12),
        one.repository,
        one.validationError ?? '',
      ])
      const table = plainTable(['hotkey', 'type', 'status', 'commit', 'repository', 'why'], rows)
      return { value: { submissions: items }, text: rows.length === 0 ? 'no submissions' : table }
    }),
})
