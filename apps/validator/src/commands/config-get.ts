import { configKeySchema, StorageError } from '@subnetkit/core'
import { defineCommand, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { configHead, configRow, showConfig } from '../config-values/show-config.ts'
import type { Config } from '../config.ts'
import { textTable } from '../text-table.ts'
import { withReadyValidator } from './with-validator.ts'

const examples = `
Examples:
  $ validator config get sampling.per_miner
  $ validator config get sampling.per_miner --json
`

/** `validator config get KEY`; an unknown key is a failure, exit code 1. */
export function configGetCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'get',
    description: 'show the current version of a key',
    options: z.strictObject({ key: configKeySchema }),
    flags: (command) => {
      command.argument('<key>', 'dotted lower-case words').addHelpText('after', examples)
    },
    run: async ({ key }, session) =>
      await withReadyValidator(config, session, async ({ repositories, store }) => {
        const found = await repositories.systemConfig.find({ key }, { signal: session.signal })
        if (found === null) throw unknownKey(key, store)
        return { value: showConfig(found), text: textTable(configHead, [configRow(found)]) }
      }),
  })
}

/** A key that was never set. */
export function unknownKey(key: string, store: string): StorageError {
  return new StorageError({
    code: 'not_found',
    message: `configuration ${key} does not exist in ${store}; validator config list shows what does`,
    details: { key },
  })
}
