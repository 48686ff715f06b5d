import { defineCommand, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import type { Config } from '../config.ts'
import { minerHead, minerRow, showMiner } from '../sampling/show-miner.ts'
import { textTable } from '../text-table.ts'
import { moreLine, pageFlags, pageFlagsShape, toPage } from './page-flags.ts'
import { withReadyValidator } from './with-validator.ts'

const DEFAULT_LIMIT = 256

const examples = `
Examples:
  $ validator miners list
  $ validator miners list --json | jq '.items[] | select(.status == "paused")'
`

/** `validator miners list`: all miners, whether they are sampled, and how they have done. */
export function minersListCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'list',
    description: 'show miners, whether they are sampled, and how they have done',
    options: z.strictObject(pageFlagsShape),
    flags: (command) => {
      pageFlags(command, DEFAULT_LIMIT).addHelpText('after', examples)
    },
    run: async (options, session) =>
      await withReadyValidator(config, session, async ({ repositories, store, now }) => {
        const { items, nextCursor } = await repositories.miners.list(toPage(options), {
          signal: session.signal,
        })
        const at = now()
        const sorted = items.toSorted((a, b) => (a.hotkey < b.hotkey ? -1 : 1))
        const table = textTable(
          minerHead,
          sorted.map((miner) => minerRow(miner, at)),
        )
        const text =
          sorted.length === 0 && nextCursor === null
            ? `no miner is known yet in ${store}\nNext: validator miners add --help`
            : `${table}${moreLine(nextCursor)}`
        return { value: { items: sorted.map((miner) => showMiner(miner, at)), nextCursor }, text }
      }),
  })
}
