import { environmentNameSchema } from '@subnetkit/core'
import { defineCommand, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import type { Config } from '../config.ts'
import { textTable } from '../text-table.ts'
import { environmentFlag, environmentsOf } from './environment-flag.ts'
import { withReadyValidator } from './with-validator.ts'

const examples = `
Examples:
  $ validator tasks sweep
  $ validator tasks sweep --environment sat
`

/** `validator tasks sweep`: makes claimable what ran out of a lease or a back-off, as running workers do all the time. */
export function tasksSweepCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'sweep',
    description: 'make claimable what ran out of its lease or its back-off; running workers do it too',
    options: z.strictObject({ environment: environmentNameSchema.optional() }),
    flags: (command) => {
      environmentFlag(command).addHelpText('after', examples)
    },
    run: async ({ environment }, session) =>
      await withReadyValidator(config, session, async ({ repositories, now }) => {
        const { signal, progress } = session
        const names = await environmentsOf(repositories, environment, signal)
        const items = []
        for (const [index, name] of names.entries()) {
          progress({ stage: 'sweep', done: index, total: names.length, unit: 'environments' })
          const swept = await repositories.samplingTasks.sweep({ environment: name, now: now() }, { signal })
          items.push({ environment: name, ...swept })
        }
        const head = ['environment', 'back-off over', 'lease ran out', 'quarantined']
        const rows = items.map(({ environment: name, ready, reclaimed, quarantined }) => [
          name,
          ...[ready, reclaimed, quarantined].map(String),
        ])
        return { value: { items }, text: textTable(head, rows) }
      }),
  })
}
