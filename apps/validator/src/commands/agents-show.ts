import { StorageError } from '@subnetkit/core'
import { defineCommand, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { parseAgentKey } from '../agents/view/agent-key.ts'
import { agentStoryText } from '../agents/view/agent-story-text.ts'
import { readAgentStory } from '../agents/view/agent-story.ts'
import { executionMarks } from '../agents/view/run-marks.ts'
import { unknownId } from '../agents/view/what-id-names.ts'
import type { Config } from '../config.ts'
import { withAgents } from './with-agents.ts'

const WAY_OUT = 'validator agents top shows those that are known'

const examples = `
Examples:
  $ validator agents show a0000001-0000-4000-8000-000000000001
  $ validator agents show 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY --json
`

/** `validator agents show AGENT`: an agent with its versions and their scores, by id or by its miner's hotkey. */
export function agentsShowCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'show',
    description: 'show an agent, its versions, and how its newest evaluation stands',
    options: z.strictObject({ agent: z.string() }),
    flags: (command) => {
      command.argument('<agent>', "an agent's id, or its miner's hotkey").addHelpText('after', examples)
    },
    run: async ({ agent }, session) => {
      const key = parseAgentKey('<agent>', agent)
      return await withAgents(config, session, async ({ registry, record, ids, call }) => {
        const story = await readAgentStory(registry, record, key, call)
        if (story !== null) {
          const { agentId } = story.agent
          const found = await record.agentAnalyses.findLatestExecution({ agentId }, call)
          const latestExecution = found === null ? null : executionMarks(found)
          return { value: { ...story, latestExecution }, text: agentStoryText(story, latestExecution) }
        }
        if ('agentId' in key) {
          throw await unknownId(ids, { kind: 'agent', id: key.agentId, wayOut: WAY_OUT }, call)
        }
        throw new StorageError({
          code: 'not_found',
          message: `the hotkey ${key.minerHotkey} has no agent; ${WAY_OUT}`,
          details: key,
        })
      })
    },
  })
}
