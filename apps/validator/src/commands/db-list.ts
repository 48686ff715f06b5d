import { defineCommand, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import type { Config } from '../config.ts'
import { textTable } from '../text-table.ts'
import { withValidator } from './with-validator.ts'

const examples = `
Examples:
  $ validator db list
  $ DYNAMODB_TABLE_PREFIX=affine_dev validator db list --json | jq '.tables[].name'
`

/** `validator db list`: the tables under the prefix, by whether they are ours. */
export function dbListCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'list',
    description: 'list the tables that exist under the prefix',
    options: z.strictObject({}),
    flags: (command) => {
      command.addHelpText('after', examples)
    },
    run: async (_options, session) =>
      await withValidator(config, session, async (validator) => {
        const { known, unknown } = await validator.listTables()
        const tables = [
          ...known.map((name) => ({ name, isOurs: true })),
          ...unknown.map((name) => ({ name, isOurs: false })),
        ]
        const rows = tables.map(({ name, isOurs }) => [name, isOurs ? 'ours' : 'not ours: never touched'])
        const text =
          rows.length === 0
            ? `no tables in ${validator.store}\nNext: validator db init`
            : `${textTable(['table', ''], rows)}\n${validator.store}`
        return { value: { store: validator.store, tables }, text }
      }),
  })
}
