import { netuidSchema } from '@subnetkit/core'
import { defineCommand, numberFromText, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import type { Config } from '../config.ts'
import { healthText } from '../record/health-text.ts'
import { readRecordHealth } from '../record/record-health.ts'
import { parseRecordSettings } from '../record/record-settings.ts'
import { readConfigured } from '../scoring/read-configured.ts'
import { withReadyValidator } from './with-validator.ts'

const examples = `
Holds the record against what the validator acted by: cycles and miners without a trace, epochs that were missed, the
size of each table, and how long weights took to take effect. Thresholds are configuration:
  $ validator config set stats.record '{"warnAbove": {"gaps": 5}}' --type json

Examples:
  $ validator stats health
  $ validator stats health --cycles 500 --json
`

/** `validator stats health`: exit code 1 when a threshold is crossed. */
export function statsHealthCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'health',
    description: 'what the record lacks, how large it is, and how long weights take to take effect',
    options: z.strictObject({
      netuid: numberFromText(netuidSchema),
      cycles: numberFromText(z.int().min(1).max(10_000)),
    }),
    flags: (command) => {
      command
        .option('--netuid <n>', 'the subnet', '1')
        .option('--cycles <n>', 'how many of the newest cycles are looked at', '100')
        .addHelpText('after', examples)
    },
    run: async ({ netuid, cycles }, session) =>
      await withReadyValidator(config, session, async (validator) => {
        const { signal } = session
        const { repositories, now } = validator
        const settings = parseRecordSettings(await readConfigured(repositories.systemConfig, { signal }))
        await using record = await validator.openRecord({ signal })
        const { validatorHotkey } = config
        const health = await readRecordHealth(
          { operational: repositories, record },
          { netuid, validatorHotkey, settings, now: now(), cycles },
          { signal },
        )
        const exitCode = health.crossed.length === 0 ? 0 : 1
        return { value: health, text: healthText(health), exitCode }
      }),
  })
}
