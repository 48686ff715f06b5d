import { defineCommand, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { configHead, configRow, showConfig } from '../config-values/show-config.ts'
import type { Config } from '../config.ts'
import { textTable } from '../text-table.ts'
import { moreLine, pageFlags, pageFlagsShape, toPage } from './page-flags.ts'
import { withReadyValidator } from './with-validator.ts'

const DEFAULT_LIMIT = 100

const examples = `
Examples:
  $ validator config list
  $ validator config list --json | jq '.items[].key'
`

/** `validator config list`: the current version of every key, in the order of keys. */
export function configListCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'list',
    description: 'show the current version of every key',
    options: z.strictObject(pageFlagsShape),
    flags: (command) => {
      pageFlags(command, DEFAULT_LIMIT).addHelpText('after', examples)
    },
    run: async (options, session) =>
      await withReadyValidator(config, session, async ({ repositories, store }) => {
        const { items, nextCursor } = await repositories.systemConfig.list(toPage(options), {
          signal: session.signal,
        })
        const text =
          items.length === 0 && nextCursor === null
            ? `nothing is configured yet in ${store}\nNext: validator config set sampling.per_miner 4 --type integer`
            : `${textTable(configHead, items.map(configRow))}${moreLine(nextCursor)}`
        return { value: { items: items.map(showConfig), nextCursor }, text }
      }),
  })
}
