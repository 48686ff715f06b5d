import { uuidSchema } from '@subnetkit/core'
import { defineCommand, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { queuePlacesText } from '../agents/view/queue-places-text.ts'
import { unknownId } from '../agents/view/what-id-names.ts'
import type { Config } from '../config.ts'
import { withAgents } from './with-agents.ts'

const examples = `
Each validator has a queue of its own, oldest first.

Examples:
  $ validator agents queue b0000001-0000-4000-8000-000000000001
`

/** `validator agents queue VERSION`: where a version stands with each validator that judges it. */
export function agentsQueueCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'queue',
    description: "show a version's place in the queue of each validator",
    options: z.strictObject({ version: uuidSchema }),
    flags: (command) => {
      command
        .argument('<version>', 'the id of a version: validator agents show lists them')
        .addHelpText('after', examples)
    },
    run: async ({ version: versionId }, session) =>
      await withAgents(config, session, async ({ registry, record, ids, call }) => {
        const items = await record.agentAnalyses.listQueuePlaces({ versionId }, call)
        if (items.length > 0) return { value: { items }, text: queuePlacesText(items) }
        const found = await Promise.all([
          registry.agentVersions.find({ versionId }, call),
          record.agentVersions.find({ versionId }, call),
        ])
        if (found.every((version) => version === null)) {
          const wayOut = 'validator agents show AGENT lists its versions'
          throw await unknownId(ids, { kind: 'version', id: versionId, wayOut }, call)
        }
        return { value: { items }, text: 'no validator has an evaluation of this version on record yet' }
      }),
  })
}
