import { configKeySchema, isStorageError, StorageError, type SystemConfig } from '@subnetkit/core'
import { defineCommand, numberFromText, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { configValueTypes, parseConfigValue } from '../config-values/parse-config-value.ts'
import { configHead, configRow, showConfig } from '../config-values/show-config.ts'
import type { Config } from '../config.ts'
import { textTable } from '../text-table.ts'
import { withReadyValidator } from './with-validator.ts'

const examples = `
Examples:
  $ validator config set sampling.per_miner 4 --type integer
  $ validator config set sampling.rotation.enabled true --type boolean --expect-version 4
  $ validator config set sampling.ranges '{"sat": [[0, 1000]]}' --type json --by alice
  $ validator config set --type integer -- scoring.offset -5     (-- lets a value begin with a dash)
`

/** `validator config set KEY VALUE`; a version conflict is a failure, exit code 1. */
export function configSetCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'set',
    description: 'store the next version of a key',
    options: z.strictObject({
      key: configKeySchema,
      value: z.string(),
      type: z.enum(configValueTypes),
      expectVersion: numberFromText(z.int().min(0)).optional(),
      by: z.string().min(1).max(128),
    }),
    flags: (command) => {
      command
        .argument('<key>', 'dotted lower-case words')
        .argument('<value>', 'the value, as --type says it')
        .option('--type <type>', configValueTypes.join(', '), 'string')
        .option(
          '--expect-version <n>',
          'only when this is the current version; 0 for a key that must not exist',
        )
        .option('--by <name>', 'who changes it, for the history', config.userName)
        .addHelpText('after', examples)
    },
    run: async ({ key, value, type, expectVersion, by }, session) => {
      const setting = parseConfigValue(value, type)
      return await withReadyValidator(config, session, async ({ repositories, now }) => {
        const expected = expectVersion === undefined ? {} : { expectedVersion: expectVersion }
        const put = { key, setting, ...expected, updatedBy: by, now: now() }
        const stored = await withWayOut(key, () =>
          repositories.systemConfig.put(put, { signal: session.signal }),
        )
        return { value: showConfig(stored), text: textTable(configHead, [configRow(stored)]) }
      })
    },
  })
}

async function withWayOut(key: string, put: () => Promise<SystemConfig>): Promise<SystemConfig> {
  try {
    return await put()
  } catch (error) {
    if (!isStorageError(error, 'conflict')) throw error
    const current = error.details['currentVersion']
    const retry = typeof current === 'number' ? ` with --expect-version ${current}` : ''
    throw new StorageError({
      code: 'conflict',
      message: `${error.message}; look at it (validator config get ${key}), then repeat${retry}`,
      cause: error,
      details: error.details,
    })
  }
}
