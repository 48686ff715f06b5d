import { createInterface } from 'node:readline/promises'

import { InputError } from '@subnetkit/core'
import { type CommandSession, defineCommand, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import type { Validator } from '../compose.ts'
import type { Config } from '../config.ts'
import { textTable } from '../text-table.ts'
import { withValidator } from './with-validator.ts'

const examples = `
Examples:
  $ validator db reset                        on a terminal: shows what goes and asks for the prefix
  $ validator db reset --confirm affine_dev   destroys the tables affine_dev_* of this program, and no others

Stop every other process of this store first. There is no way back but a backup.
`

/** `validator db reset`: destroys everything under the prefix, once a person has typed that prefix. */
export function dbResetCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'reset',
    description: 'destroy all tables of the prefix with everything in them, and make them anew',
    options: z.strictObject({ confirm: z.string().optional() }),
    flags: (command) => {
      command
        .option('--confirm <prefix>', 'the prefix, typed out, instead of being asked for it')
        .addHelpText('after', examples)
    },
    run: async ({ confirm }, session) =>
      await withValidator(config, session, async (validator) => {
        const { known } = await validator.listTables()
        const typed = confirm ?? (await askForPrefix(validator, known, session))
        if (typed !== validator.tablePrefix) throw notConfirmed(validator, known, typed)
        const tables = await validator.reset(typed)
        return {
          value: { store: validator.store, destroyed: known, tables },
          text: `${textTable(
            ['destroyed', 'now'],
            tables.map(({ name, action }) => [known.includes(name) ? name : '', `${name} ${action}`]),
          )}\n${validator.store}`,
        }
      }),
  })
}

async function askForPrefix(
  { store, tablePrefix }: Validator,
  known: readonly string[],
  session: CommandSession,
): Promise<string | null> {
  if (!session.isTerminal || session.json || process.stdin.isTTY !== true) return null
  const questions = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return await questions.question(
      `These go, with everything in them (${store}):\n${known.map((name) => `  ${name}`).join('\n')}\nType ${tablePrefix} to destroy them: `,
      { signal: session.signal },
    )
  } finally {
    questions.close()
  }
}

function notConfirmed(
  { store, tablePrefix }: Validator,
  known: readonly string[],
  typed: string | null,
): InputError {
  return new InputError({
    field: '--confirm',
    ...(typed === null ? {} : { value: typed }),
    problem: typed === null ? 'is not given' : 'is not the prefix of the tables that would be destroyed',
    hint: `give --confirm ${tablePrefix} to destroy ${known.length} tables in ${store}: ${known.join(', ')}`,
  })
}
