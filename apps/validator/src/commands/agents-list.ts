import { defineCommand, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { agentsText } from '../agents/view/agents-text.ts'
import type { Config } from '../config.ts'
import { moreLine, pageFlags, pageFlagsShape, toPage } from './page-flags.ts'
import { withAgents } from './with-agents.ts'

const DEFAULT_LIMIT = 50

const examples = `
Examples:
  $ validator agents list
  $ validator agents list --limit 10 --json
`

/** `validator agents list`: all agents by the time of their first upload. */
export function agentsListCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'list',
    description: 'show all agents, the oldest first',
    options: z.strictObject(pageFlagsShape),
    flags: (command) => {
      pageFlags(command, DEFAULT_LIMIT).addHelpText('after', examples)
    },
    run: async (options, session) =>
      await withAgents(config, session, async ({ record, description, call }) => {
        const { items, nextCursor } = await record.agentAnalyses.listAgents(toPage(options), call)
        const text =
          items.length === 0 && nextCursor === null
            ? noAgents(description)
            : `${agentsText(items)}${moreLine(nextCursor)}`
        return { value: { items, nextCursor }, text }
      }),
  })
}

/** What a person is told of a record without agents. */
export function noAgents(record: string): string {
  return `there are no agents in the ${record} yet\nNext: validator agents upload --help`
}
