import { defineCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { prepareSubmissionTask } from '../tasks/submissions/prepare-submission.ts'
import { examplesText } from './command-group.ts'
import { sandboxFlags, sandboxFlagsShape } from './contest-flags.ts'
import { findSubmission, submissionFlags, submissionFlagsShape } from './submission-flags.ts'
import { withRecords } from './with-records.ts'

const { sandbox, allowLocal } = sandboxFlagsShape

/** `benchmark build`. */
export const buildCommand = defineCommand({
  name: 'build',
  description: 'clone, scan and build a submission, as far as that is not done',
  options: z.strictObject({ ...submissionFlagsShape, sandbox, allowLocal }),
  flags: (command) => {
    submissionFlags(command)
    sandboxFlags(command, { hasWorkers: false })
    command.addHelpText(
      'after',
      examplesText(['build --hotkey 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY --image-type ml']),
    )
  },
  run: async ({ sandbox: sandboxKind, allowLocal: isLocalAllowed, ...flags }, session) =>
    await withRecords(
      session,
      { isLocalAllowed, sandboxKind, needs: ['sandbox'] },
      async ({ benchmark: { deps }, perform }) => {
        const submission = await findSubmission(deps.repositories, flags, session.signal)
        const prepared = await perform(prepareSubmissionTask, deps, submission)
        return {
          value: { ...submission, ...prepared },
          text: prepared.isReady
            ? `ready: ${prepared.image}`
            : `not ready, ended at ${prepared.step}: ${prepared.reason}`,
          exitCode: prepared.isReady ? 0 : 1,
        }
      },
    ),
})
