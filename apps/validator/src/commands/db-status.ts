import { defineCommand, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import type { Config } from '../config.ts'
import { textTable } from '../text-table.ts'
import { withValidator } from './with-validator.ts'

const examples = `
Examples:
  $ validator db status
  $ validator db status --count      counts items by reading all of them; on AWS that costs what it reads
  $ validator db status --json | jq '.tables[] | select(.state != "ready")'
`

/** `validator db status`: how each table stands; exit code 1 while something is missing. */
export function dbStatusCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'status',
    description: 'show tables, items, sizes, indexes and who removes expired items',
    options: z.strictObject({ count: z.boolean().default(false) }),
    flags: (command) => {
      command
        .option(
          '--count',
          'count items by reading them; without it the engine’s own estimate, where it has one',
        )
        .addHelpText('after', examples)
    },
    run: async ({ count }, session) =>
      await withValidator(config, session, async (validator) => {
        const tables = await validator.status(count ? 'scan' : 'estimate')
        const isReady = tables.every(
          ({ indexes, state }) => state === 'ready' && indexes.every((index) => index.state !== 'missing'),
        )
        const rows = tables.map(({ name, state, items, bytes, indexes, expiry }) => [
          name,
          state,
          items === null ? '' : String(items),
          bytes === null ? '' : String(bytes),
          indexes.map((index) => `${index.name} ${index.state}`).join(', '),
          expiry,
        ])
        const table = textTable(['table', 'state', 'items', 'bytes', 'indexes', 'expiry'], rows)
        const next = isReady ? '' : '\nSomething is missing. Next: validator db init'
        return {
          value: { store: validator.store, isReady, tables },
          text: `${table}\n${validator.store}${next}`,
          exitCode: isReady ? 0 : 1,
        }
      }),
  })
}
