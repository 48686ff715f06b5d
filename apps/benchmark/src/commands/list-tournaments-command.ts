import { imageTypeSchema, tournamentStatuses } from '@subnetkit/core'
import { defineCommand, numberFromText } from '@subnetkit/core/cli'
import { z } from 'zod'

import { examplesText } from './command-group.ts'
import { shownTournament, tournamentsTable } from './tournament-text.ts'
import { withRecords } from './with-records.ts'

const optionsSchema = z.strictObject({
  imageType: imageTypeSchema.optional(),
  status: z.enum(tournamentStatuses).optional(),
  limit: numberFromText(z.int().min(1).max(1_000)),
})

/** `benchmark tournament list`. */
export const listTournamentsCommand = defineCommand({
  name: 'list',
  description: 'list tournaments, the latest competition first',
  options: optionsSchema,
  flags: (command) => {
    command
      .option('--image-type <type>', 'only of this type')
      .option('--status <status>', `only in this state: ${tournamentStatuses.join(', ')}`)
      .option('--limit <n>', 'at most so many', '50')
      .addHelpText('after', examplesText(['tournament list', 'tournament list --status completed --json']))
  },
  run: async ({ imageType, status, limit }, session) =>
    await withRecords(session, {}, async ({ benchmark: { deps } }) => {
      const options = { signal: session.signal }
      const { items } = await deps.repositories.tournaments.list(
        {
          limit,
          ...(imageType === undefined ? {} : { imageType }),
          ...(status === undefined ? {} : { statuses: [status] }),
        },
        options,
      )
      const tournamentIds = items.map(({ tournamentId }) => tournamentId)
      const miners = await deps.repositories.tournamentParticipants.countMiners({ tournamentIds }, options)
      return {
        value: {
          tournaments: items.map((one) => ({
            ...shownTournament(one),
            miners: miners.get(one.tournamentId) ?? 0,
          })),
        },
        text: tournamentsTable(items, miners),
      }
    }),
})
