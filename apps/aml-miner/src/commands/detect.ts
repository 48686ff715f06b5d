import { dayFlagsSchema, defineCommand, type ProgramCommand, runForCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import type { Config } from '../config.ts'
import type { DetectedPatterns } from '../tasks/detect-patterns.ts'
import { detectTask } from '../tasks/miner-tasks.ts'
import { minerDayFlags, withReadyMiner } from './day-command.ts'

/** `detect`: finds patterns in a day's transfers. */
export function detectCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'detect',
    description: 'find patterns in the transfers of a day: features, alerts and clusters',
    options: dayFlagsSchema.extend({ force: z.boolean().default(false) }),
    flags: (command) =>
      minerDayFlags(config)(command)
        .option('--force', 'detect again although the same work was done')
        .addHelpText('after', '\nExample:\n  $ aml-miner detect --network torus --date 2025-08-01'),
    run: async ({ date, force, network, windowDays }, session) =>
      await withReadyMiner(config, network, session, async (miner) => {
        const context = { network, processingDate: date, windowDays, isForced: force }
        const detected = await runForCommand(detectTask, miner.deps, context, session, miner)
        return { value: detected, text: detectedText(detected) }
      }),
  })
}

/** What detection found, with its notices. */
export function detectedText({ alreadyReady, notices, snapshot }: DetectedPatterns): string {
  const notes = notices.map((notice) => `\n  note: ${notice}`).join('')
  return `snapshot ${snapshot.snapshotId} ${alreadyReady ? 'was there already' : 'is ready'}: ${snapshot.countAlerts} alerts, ${snapshot.countClusters} clusters, ${snapshot.countFeatures} feature rows${notes}`
}
