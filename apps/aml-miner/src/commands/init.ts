import { networkSchema } from '@subnetkit/core'
import { defineCommand, type ProgramCommand, migrationsText } from '@subnetkit/core/cli'
import { z } from 'zod'

import type { Config } from '../config.ts'
import { withMiner } from './day-command.ts'

/** `init`: makes the database of a network and brings its tables to the newest schema. */
export function initCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'init',
    description: 'create the database of a network and bring its tables to the newest schema',
    options: z.strictObject({ network: networkSchema, dryRun: z.boolean().default(false) }),
    flags: (command) =>
      command
        .option('--network <name>', 'network, for example torus', config.network)
        .option('--dry-run', 'only say what would be done')
        .addHelpText('after', '\nExample:\n  $ aml-miner init --network torus'),
    run: async ({ dryRun, network }, session) =>
      await withMiner(config, network, session, async (miner) => {
        const report = await miner.migrate({ isDryRun: dryRun, signal: session.signal })
        return {
          value: { ...report, dryRun },
          text: migrationsText(report, dryRun),
        }
      }),
  })
}
