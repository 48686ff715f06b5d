import { defineCommand, type ProgramCommand, runForCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import type { ComposedChain } from '../compose-chain.ts'
import type { Validator } from '../compose.ts'
import type { Config } from '../config.ts'
import { type SyncRegistrationsDeps, syncRegistrationsTask } from '../registrations/sync-registrations.ts'
import { syncText } from '../registrations/sync-text.ts'
import { chainFlags, chainFlagsShape, withChain } from './chain-flags.ts'

const examples = `
Looks who is registered now, and brings the registry up to it: uids and coldkeys, who is deregistered and who is back.
What a miner was scored at a uid that it has left is withdrawn from the record; nothing is deleted, and no other miner is
touched. Harmless when repeated; what fails is tried again by the next one. "weights watch" does it by itself.

Examples:
  $ validator miners sync
  $ validator miners sync --dry-run --json
`

/** `validator miners sync`: exit code 1 when something could not be done, or the chain said nothing that can be used. */
export function minersSyncCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'sync',
    description: 'bring uids, coldkeys and registrations up to the chain',
    options: z.strictObject({ ...chainFlagsShape, dryRun: z.boolean().default(false) }),
    flags: (command) => {
      chainFlags(command)
        .option('--dry-run', 'say what would change, and change nothing')
        .addHelpText('after', examples)
    },
    run: async ({ dryRun: isDryRun, ...flags }, session) =>
      await withChain(config, session, flags, false, async ({ validator, composed }) => {
        const deps = syncDeps(validator, composed)
        const context = { netuid: composed.netuid, validatorHotkey: config.validatorHotkey, isDryRun }
        const report = await runForCommand(syncRegistrationsTask, deps, context, session, validator)
        const hasFailed = report.refusal !== null || report.failures.length > 0
        return { value: report, text: syncText(report, isDryRun), exitCode: hasFailed ? 1 : 0 }
      }),
  })
}

/** What a sync works with; a local chain is told who is new before it is asked. */
export function syncDeps(
  { repositories, openRecord }: Pick<Validator, 'repositories' | 'openRecord'>,
  { chain, netuid, prepare }: Pick<ComposedChain, 'chain' | 'netuid' | 'prepare'>,
): SyncRegistrationsDeps {
  return {
    repositories,
    openRecord,
    readMetagraph: async (options) => {
      await prepare(options)
      return await chain.metagraph({ netuid }, options)
    },
  }
}
