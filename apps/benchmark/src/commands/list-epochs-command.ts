import { benchmarkEpochStatuses, hotkeySchema, imageTypeSchema } from '@subnetkit/core'
import { defineCommand, numberFromText } from '@subnetkit/core/cli'
import { z } from 'zod'

import { examplesText } from './command-group.ts'
import { plainTable } from './plain-table.ts'
import { withRecords } from './with-records.ts'

const optionsSchema = z.strictObject({
  imageType: imageTypeSchema.optional(),
  hotkey: hotkeySchema.optional(),
  status: z.enum(benchmarkEpochStatuses).optional(),
  limit: numberFromText(z.int().min(1).max(1_000)),
})

/** `benchmark epoch list`. */
export const listEpochsCommand = defineCommand({
  name: 'list',
  description: 'list epochs, of tournaments and outside of them, newest start first',
  options: optionsSchema,
  flags: (command) => {
    command
      .option('--image-type <type>', 'only of this type')
      .option('--hotkey <ss58>', 'only of this miner')
      .option('--status <status>', `only in this state: ${benchmarkEpochStatuses.join(', ')}`)
      .option('--limit <n>', 'at most so many', '50')
      .addHelpText('after', examplesText(['epoch list', 'epoch list --status running']))
  },
  run: async ({ limit, imageType, hotkey, status }, session) =>
    await withRecords(session, {}, async ({ benchmark: { deps } }) => {
      const { items } = await deps.repositories.benchmarkEpochs.list(
        {
          limit,
          ...(imageType === undefined ? {} : { imageType }),
          ...(hotkey === undefined ? {} : { hotkey }),
          ...(status === undefined ? {} : { status }),
        },
        { signal: session.signal },
      )
      const rows = items.map((one) => [
        one.epochId,
        one.imageType,
        `${one.startDate} – ${one.endDate}`,
        one.status,
        one.tournamentId ?? '–',
        one.hotkey,
        one.errorMessage ?? '',
      ])
      const table = plainTable(['epoch', 'type', 'days', 'status', 'tournament', 'hotkey', 'why'], rows)
      return { value: { epochs: items }, text: rows.length === 0 ? 'no epochs' : table }
    }),
})
