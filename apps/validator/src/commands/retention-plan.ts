import { defineCommand, type ProgramCommand, runForCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import type { Config } from '../config.ts'
import { retentionPlanText } from '../retention/retention-text.ts'
import { planRetentionTask } from '../tasks/plan-retention.ts'
import { retentionFlags, retentionFlagsShape, toRetentionContext } from './retention-flags.ts'
import { withReadyValidator } from './with-validator.ts'

const examples = `
Examples:
  $ validator retention plan
  $ validator retention plan --older-than-days 30 --keep-top 5 --json
`

/** `validator retention plan`: what `apply` would do now; changes nothing. */
export function retentionPlanCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'plan',
    description: 'show which models are kept and which samples would go; changes nothing',
    options: z.strictObject(retentionFlagsShape),
    flags: (command) => {
      retentionFlags(command).addHelpText('after', examples)
    },
    run: async (options, session) =>
      await withReadyValidator(config, session, async (validator) => {
        const { repositories } = validator
        const context = toRetentionContext(options)
        const plan = await runForCommand(planRetentionTask, { repositories }, context, session, validator)
        return { value: plan, text: retentionPlanText(plan) }
      }),
  })
}
