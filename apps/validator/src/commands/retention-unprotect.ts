import { defineCommand, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import type { Config } from '../config.ts'
import { policyText, retentionSubject, retentionSubjectShape } from './retention-subject.ts'
import { withReadyValidator } from './with-validator.ts'

const examples = `
A model that is among the best of a snapshot of the last thirty days is protected again by the next scoring or clean-up.

Examples:
  $ validator retention unprotect 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY v1.0
`

/** `validator retention unprotect HOTKEY REVISION`: lets its old samples go with the next clean-up. */
export function retentionUnprotectCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'unprotect',
    description: 'end the protection of a model',
    options: z.strictObject(retentionSubjectShape),
    flags: (command) => {
      retentionSubject(command).addHelpText('after', examples)
    },
    run: async ({ hotkey, revision }, session) =>
      await withReadyValidator(config, session, async ({ repositories, now }) => {
        const subject = { minerHotkey: hotkey, modelRevision: revision }
        const policy = await repositories.retentionPolicies.unprotect(
          { ...subject, now: now() },
          { signal: session.signal },
        )
        return { value: policy, text: policyText(policy) }
      }),
  })
}
