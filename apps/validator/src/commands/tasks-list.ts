import {
  environmentNameSchema,
  hotkeySchema,
  InputError,
  type Page,
  type SamplingTask,
} from '@subnetkit/core'
import { type CommandOutcome, defineCommand, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import type { Config } from '../config.ts'
import { showTask, taskHead, taskRow } from '../sampling/show-task.ts'
import { textTable } from '../text-table.ts'
import { moreLine, pageFlags, pageFlagsShape, toPage } from './page-flags.ts'
import { withReadyValidator } from './with-validator.ts'

const DEFAULT_LIMIT = 50

const examples = `
Examples:
  $ validator tasks list --miner 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY
  $ validator tasks list --quarantined --environment sat
`

/** `validator tasks list`: the tasks of a miner, or those of an environment that wait for a person. */
export function tasksListCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'list',
    description: 'show the tasks of a miner, or the quarantined ones of an environment',
    options: z.strictObject({
      ...pageFlagsShape,
      miner: hotkeySchema.optional(),
      environment: environmentNameSchema.optional(),
      quarantined: z.boolean().default(false),
    }),
    flags: (command) => {
      pageFlags(command, DEFAULT_LIMIT)
        .option('--miner <hotkey>', 'all tasks of this miner, finished ones for seven days')
        .option('--environment <name>', 'with --quarantined: the environment')
        .option('--quarantined', 'tasks that failed too often and wait for a person')
        .addHelpText('after', examples)
    },
    run: async ({ miner, environment, quarantined, ...options }, session) =>
      await withReadyValidator(config, session, async ({ repositories, now }) => {
        const { signal } = session
        const { samplingTasks } = repositories
        const page = toPage(options)
        if (quarantined && environment !== undefined && miner === undefined) {
          let found = await samplingTasks.listQuarantined({ environment, ...page }, { signal })
          while (found.items.length === 0 && found.nextCursor !== null) {
            const next = { environment, limit: page.limit, cursor: found.nextCursor }
            found = await samplingTasks.listQuarantined(next, { signal })
          }
          return outcome(found)
        }
        if (!quarantined && miner !== undefined && environment === undefined) {
          return outcome(await samplingTasks.list({ minerHotkey: miner, now: now(), ...page }, { signal }))
        }
        throw new InputError({
          field: 'tasks list',
          problem: 'does not say which tasks',
          hint: 'give either --miner <hotkey>, or --quarantined --environment <name>',
        })
      }),
  })
}

function outcome({ items, nextCursor }: Page<SamplingTask>): CommandOutcome {
  const text =
    items.length === 0 && nextCursor === null
      ? 'there are none'
      : `${textTable(taskHead, items.map(taskRow))}${moreLine(nextCursor)}`
  return { value: { items: items.map(showTask), nextCursor }, text }
}
