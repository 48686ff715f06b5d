import { InputError } from '@subnetkit/core'
import { defineCommand, type ProgramCommand, runForCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import type { Config } from '../config.ts'
import { retentionAppliedText } from '../retention/retention-text.ts'
import { applyRetentionTask } from '../tasks/apply-retention.ts'
import { retentionFlags, retentionFlagsShape, toRetentionContext } from './retention-flags.ts'
import { withReadyValidator } from './with-validator.ts'

const examples = `
May be interrupted at any time; the same command again does the rest.

Examples:
  $ validator retention apply --yes
  $ validator retention apply --older-than-days 30 --yes --json
`

/** `validator retention apply --yes`: protects the best, then removes what the plan lists. */
export function retentionApplyCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'apply',
    description: 'protect the best models and remove old samples of the others',
    options: z.strictObject({ ...retentionFlagsShape, yes: z.boolean().default(false) }),
    flags: (command) => {
      retentionFlags(command)
        .option('--yes', 'really remove; without it nothing is done')
        .addHelpText('after', examples)
    },
    run: async ({ yes, ...options }, session) => {
      if (!yes) {
        throw new InputError({
          field: '--yes',
          problem: 'is missing, so nothing was removed',
          hint: 'look at validator retention plan with the same options, then add --yes',
        })
      }
      return await withReadyValidator(config, session, async (validator) => {
        const { repositories } = validator
        const context = toRetentionContext(options)
        const applied = await runForCommand(applyRetentionTask, { repositories }, context, session, validator)
        return { value: applied, text: retentionAppliedText(applied) }
      })
    },
  })
}
