import { MAX_PAGE_LIMIT } from '@subnetkit/core'
import { defineCommand, numberFromText, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { topAgentsText } from '../agents/view/top-agents-text.ts'
import type { Config } from '../config.ts'
import { noAgents } from './agents-list.ts'
import { withAgents } from './with-agents.ts'

const examples = `
An agent is ranked by its newest version that has a score; agents without one come last.

Examples:
  $ validator agents top
  $ validator agents top --limit 3 --json
`

/** `validator agents top`: the agents by score. None is no failure: a registry begins empty. */
export function agentsTopCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'top',
    description: 'show the agents with the highest scores',
    options: z.strictObject({ limit: numberFromText(z.int().min(1).max(MAX_PAGE_LIMIT)) }),
    flags: (command) => {
      command
        .option('--limit <n>', `agents to show, best first, 1 to ${MAX_PAGE_LIMIT}`, '20')
        .addHelpText('after', examples)
    },
    run: async ({ limit }, session) =>
      await withAgents(config, session, async ({ record, description, call }) => {
        const items = await record.agentAnalyses.listTopAgents({ limit }, call)
        return { value: { items }, text: items.length === 0 ? noAgents(description) : topAgentsText(items) }
      }),
  })
}
