import { type AgentUploadAttempt, AGENT_UPLOAD_ATTEMPT_DAYS } from '@subnetkit/core'
import { defineCommand, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { checkHotkey } from '@subnetkit/core/ss58'
import type { Config } from '../config.ts'
import { textTable } from '../text-table.ts'
import { moreLine, pageFlags, pageFlagsShape, toPage } from './page-flags.ts'
import { withReadyValidator } from './with-validator.ts'

const DEFAULT_LIMIT = 20

const examples = `
Attempts are kept for ${AGENT_UPLOAD_ATTEMPT_DAYS} days. Requests that were not signed rightly are only counted, in the metrics of "validator serve".

Examples:
  $ validator agents attempts 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY
`

/** `validator agents attempts`: what became of a miner's uploads. */
export function agentsAttemptsCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'attempts',
    description: 'show what became of the uploads that a hotkey tried, the newest first',
    options: z.strictObject({ hotkey: z.string(), ...pageFlagsShape }),
    flags: (command) => {
      pageFlags(command.argument('<hotkey>', 'the miner'), DEFAULT_LIMIT).addHelpText('after', examples)
    },
    run: async ({ hotkey, ...page }, session) => {
      checkHotkey('hotkey', hotkey)
      return await withReadyValidator(config, session, async ({ repositories, now }) => {
        const params = { ...toPage(page), minerHotkey: hotkey, now: now() }
        const found = await repositories.agentUploadAttempts.list(params, { signal: session.signal })
        const { items, nextCursor } = found
        const text =
          items.length === 0 && nextCursor === null
            ? `${hotkey} tried no upload in the last ${AGENT_UPLOAD_ATTEMPT_DAYS} days`
            : `${attemptsTable(items)}${moreLine(nextCursor)}`
        return { value: { items, nextCursor }, text }
      })
    },
  })
}

function attemptsTable(attempts: readonly AgentUploadAttempt[]): string {
  return textTable(
    ['at', 'outcome', 'why', 'version', 'bytes', 'from', 'name'],
    attempts.map(({ at, outcome, code, versionNum, sizeBytes, clientAddress, name }) => [
      at.toISOString(),
      outcome,
      code ?? '',
      String(versionNum),
      String(sizeBytes),
      clientAddress ?? '',
      name,
    ]),
  )
}
