import { defineCommand, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import type { Config } from '../config.ts'
import { textTable } from '../text-table.ts'
import { configuredEnvironments } from './environment-flag.ts'
import { withValidator } from './with-validator.ts'

const examples = `
Examples:
  $ validator db sweep
  $ validator db sweep --json | jq '[.tables[].removed] | add'

Readers never see expired items; this gives their space back on engines that do not do it by themselves.
`

/** `validator db sweep`: removes what has expired, and gives back tasks whose lease ran out. */
export function dbSweepCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'sweep',
    description: 'remove expired items of all tables, and give back tasks whose lease ran out',
    options: z.strictObject({}),
    flags: (command) => {
      command.addHelpText('after', examples)
    },
    run: async (_options, session) =>
      await withValidator(config, session, async (validator) => {
        const { progress, signal } = session
        const { now, repositories } = validator
        const tables = await validator.sweep(({ name, removed }) =>
          progress({ stage: `sweep ${name}`, done: removed, total: null, unit: 'items removed' }),
        )
        const environments = []
        for (const environment of await configuredEnvironments(repositories, signal)) {
          const swept = await repositories.samplingTasks.sweep({ environment, now: now() }, { signal })
          environments.push({ environment, ...swept })
        }
        const rows = [
          ...tables.map(({ name, removed }) => [name, `${removed} expired items removed`]),
          ...environments.map(({ environment, ready, reclaimed, quarantined }) => [
            `tasks of ${environment}`,
            `${ready} out of back-off, ${reclaimed} out of a lost lease, ${quarantined} quarantined`,
          ]),
        ]
        return { value: { tables, environments }, text: textTable(['swept', ''], rows) }
      }),
  })
}
