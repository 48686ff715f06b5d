import { defineCommand, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { checkHotkey } from '@subnetkit/core/ss58'
import type { Config } from '../config.ts'
import { policyText, retentionSubject, retentionSubjectShape } from './retention-subject.ts'
import { withReadyValidator } from './with-validator.ts'

const examples = `
Examples:
  $ validator retention protect 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY v1.0
  $ validator retention protect 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY v1.0 --because "reference model"
`

/** `validator retention protect HOTKEY REVISION`: no clean-up removes its samples, not even one that is running. */
export function retentionProtectCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'protect',
    description: 'keep the samples of a model for ever',
    options: z.strictObject({ ...retentionSubjectShape, because: z.string().min(1).max(256) }),
    flags: (command) => {
      retentionSubject(command)
        .option('--because <text>', 'why, for those who wonder later', `by hand, by ${config.userName}`)
        .addHelpText('after', examples)
    },
    run: async ({ hotkey, revision, because }, session) => {
      // A typing error would protect nothing, without a word.
      checkHotkey('<hotkey>', hotkey)
      return await withReadyValidator(config, session, async ({ repositories, now }) => {
        const subject = { minerHotkey: hotkey, modelRevision: revision }
        const policy = await repositories.retentionPolicies.protect(
          { ...subject, because, now: now() },
          { signal: session.signal },
        )
        return { value: policy, text: policyText(policy) }
      })
    },
  })
}
