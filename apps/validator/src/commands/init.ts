import { defineCommand, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import type { Config } from '../config.ts'
import { textTable } from '../text-table.ts'
import { withValidator } from './with-validator.ts'

const examples = `
Examples:
  $ validator db init                               the embedded engine, under the data folder (validator init is the same)
  $ DYNAMODB_ENDPOINT=http://127.0.0.1:8000 validator db init
  $ DYNAMODB_ENDPOINT=aws AWS_REGION=eu-central-1 validator db init --point-in-time-recovery
`

/** `validator db init`, or `validator init`: makes what is missing, changes nothing that is there, may be run at any time. */
export function initCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'init',
    description: 'make the tables, indexes and expiry that are missing; harmless when run again',
    options: z.strictObject({ pointInTimeRecovery: z.boolean().default(false) }),
    flags: (command) => {
      command
        .option('--point-in-time-recovery', 'also switch on restores to any second of the last 35 days (AWS)')
        .addHelpText('after', examples)
    },
    run: async ({ pointInTimeRecovery }, session) =>
      await withValidator(config, session, async (validator) => {
        let done = 0
        const tables = await validator.init({
          pointInTimeRecovery,
          onTable: () =>
            session.progress({ stage: 'make tables', done: (done += 1), total: null, unit: 'tables' }),
        })
        const rows = tables.map(({ name, action, expiry, pointInTimeRecovery: recovery, indexesAdded }) => [
          name,
          action,
          expiry,
          recovery,
          indexesAdded.join(', '),
        ])
        const table = textTable(['table', 'action', 'expiry', 'recovery', 'indexes added'], rows)
        return {
          value: { store: validator.store, tables },
          text: `${table}\n${validator.store}\nNext: validator config set environment.sat '{"samplingRange": [0, 500]}' --type json`,
        }
      }),
  })
}
