import { defineCommand, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import type { Config } from '../config.ts'
import { textTable } from '../text-table.ts'
import { withValidator } from './with-validator.ts'

const examples = `
Examples:
  $ validator db check          after a change of rights, tables or engine
  $ validator db check --json | jq '.checks[] | select(.isOk | not)'

It may run beside anything: what it writes has keys of its own, and nothing acts on it.
`

/** `validator db check`: writes, reads and removes one item of every kind; exit code 1 when any of that fails. */
export function dbCheckCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'check',
    description: 'write, read and remove one item of every kind, and say what failed',
    options: z.strictObject({}),
    flags: (command) => {
      command.addHelpText('after', examples)
    },
    run: async (_options, session) =>
      await withValidator(config, session, async (validator) => {
        let done = 0
        const checks = await validator.check(({ kind }) =>
          session.progress({ stage: `check ${kind}`, done: (done += 1), total: null, unit: 'kinds' }),
        )
        const failed = checks.filter(({ isOk }) => !isOk)
        const rows = checks.map(({ kind, table, problem }) => [kind, table, problem ?? 'ok'])
        const end =
          failed.length === 0
            ? `all ${checks.length} kinds of items can be written, read and removed in ${validator.store}`
            : `${failed.length} of ${checks.length} kinds failed in ${validator.store}\nWhere a table is missing: validator db init`
        return {
          value: { store: validator.store, isOk: failed.length === 0, checks },
          text: `${textTable(['kind', 'table', 'result'], rows)}\n${end}`,
          exitCode: failed.length === 0 ? 0 : 1,
        }
      }),
  })
}
