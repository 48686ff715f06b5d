import { configKeySchema } from '@subnetkit/core'
import { defineCommand, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { configHead, configRow, showConfig } from '../config-values/show-config.ts'
import type { Config } from '../config.ts'
import { textTable } from '../text-table.ts'
import { unknownKey } from './config-get.ts'
import { moreLine, pageFlags, pageFlagsShape, toPage } from './page-flags.ts'
import { withReadyValidator } from './with-validator.ts'

const DEFAULT_LIMIT = 20

const examples = `
Examples:
  $ validator config history sampling.per_miner
  $ validator config history sampling.per_miner --limit 5 --json
`

/** `validator config history KEY`: newest first; an unknown key is a failure, exit code 1. */
export function configHistoryCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'history',
    description: 'show the versions of a key, newest first',
    options: z.strictObject({ key: configKeySchema, ...pageFlagsShape }),
    flags: (command) => {
      pageFlags(command.argument('<key>', 'dotted lower-case words'), DEFAULT_LIMIT).addHelpText(
        'after',
        examples,
      )
    },
    run: async ({ key, ...options }, session) =>
      await withReadyValidator(config, session, async ({ repositories, store }) => {
        const page = toPage(options)
        const { items, nextCursor } = await repositories.systemConfig.listHistory(
          { key, ...page },
          { signal: session.signal },
        )
        if (items.length === 0 && page.cursor === null) throw unknownKey(key, store)
        return {
          value: { items: items.map(showConfig), nextCursor },
          text: `${textTable(configHead, items.map(configRow))}${moreLine(nextCursor)}`,
        }
      }),
  })
}
