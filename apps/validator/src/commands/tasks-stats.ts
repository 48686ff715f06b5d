import { environmentNameSchema } from '@subnetkit/core'
import { defineCommand, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import type { Config } from '../config.ts'
import { textTable } from '../text-table.ts'
import { environmentFlag, environmentsOf } from './environment-flag.ts'
import { withReadyValidator } from './with-validator.ts'

const examples = `
Examples:
  $ validator tasks stats
  $ validator tasks stats --environment sat --json
`

/** `validator tasks stats`: open tasks of each environment by where they stand. */
export function tasksStatsCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'stats',
    description: 'count the open tasks of each environment by where they stand',
    options: z.strictObject({ environment: environmentNameSchema.optional() }),
    flags: (command) => {
      environmentFlag(command).addHelpText('after', examples)
    },
    run: async ({ environment }, session) =>
      await withReadyValidator(config, session, async ({ repositories }) => {
        const { signal } = session
        const names = await environmentsOf(repositories, environment, signal)
        const items = []
        for (const name of names) {
          const counts = await repositories.samplingTasks.count({ environment: name }, { signal })
          items.push({ environment: name, ...counts })
        }
        const head = ['environment', 'claimable', 'in back-off', 'claimed', 'quarantined']
        const rows = items.map(({ environment: name, claimable, waiting, claimed, quarantined }) => [
          name,
          ...[claimable, waiting, claimed, quarantined].map(String),
        ])
        const stuck = items.some(({ quarantined }) => quarantined > 0)
        const next = stuck ? '\nNext: validator tasks list --quarantined' : ''
        return { value: { items }, text: `${textTable(head, rows)}${next}` }
      }),
  })
}
