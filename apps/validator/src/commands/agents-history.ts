import { instantSchema } from '@subnetkit/core'
import { defineCommand, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { weightsDay } from '../agents/view/weights-day.ts'
import { weightsDayText } from '../agents/view/weights-day-text.ts'
import type { Config } from '../config.ts'
import { withAgents } from './with-agents.ts'

const examples = `
A snapshot holds from its time until the next one. The one before the 24 hours covers their beginning.

Examples:
  $ validator agents history
  $ validator agents history --at 2025-07-01T12:00:00Z --json
`

const atSchema = z.iso.datetime({ error: 'must be a time such as 2025-07-01T12:00:00Z' })

/** `validator agents history`: the miners' weights of a day, and who was on top for how much of it. */
export function agentsHistoryCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'history',
    description: 'show the weights of the last 24 hours, and who was on top for how long',
    options: z.strictObject({
      at: atSchema
        .transform((text) => new Date(text))
        .pipe(instantSchema)
        .optional(),
    }),
    flags: (command) => {
      command
        .option('--at <time>', 'the end of the 24 hours, in UTC; without it now')
        .addHelpText('after', examples)
    },
    run: async ({ at }, session) =>
      await withAgents(config, session, async ({ record, description, now, call }) => {
        const end = at ?? now()
        const day = weightsDay(await record.agentAnalyses.listWeightsHistory({ now: end }, call), end)
        const none = `there are no weights of miners in the ${description} at ${end.toISOString()} or before`
        return { value: day, text: day.snapshots.length === 0 ? none : weightsDayText(day) }
      }),
  })
}
