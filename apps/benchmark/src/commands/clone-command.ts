import { defineCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { cloneSubmissionTask } from '../tasks/submissions/clone-submission.ts'
import { examplesText } from './command-group.ts'
import { findSubmission, submissionFlags, submissionFlagsShape } from './submission-flags.ts'
import { withRecords } from './with-records.ts'

const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'

/** `benchmark clone`. */
export const cloneCommand = defineCommand({
  name: 'clone',
  description: 'bring the pinned commit of a submission to this machine',
  options: z.strictObject({ ...submissionFlagsShape, allowLocal: z.boolean().default(false) }),
  flags: (command) => {
    submissionFlags(command)
    command
      .option('--allow-local', 'clone file:// repositories of this machine too')
      .addHelpText('after', examplesText([`clone --hotkey ${ALICE}`]))
  },
  run: async ({ allowLocal: isLocalAllowed, ...flags }, session) =>
    await withRecords(session, { isLocalAllowed }, async ({ benchmark: { deps }, perform }) => {
      const submission = await findSubmission(deps.repositories, flags, session.signal)
      const cloned = await perform(cloneSubmissionTask, deps, submission)
      return {
        value: { ...submission, ...cloned },
        text: cloned.isCloned
          ? `${cloned.isNew ? 'cloned to' : 'there already:'} ${cloned.tree}`
          : `not cloned: ${cloned.reason}`,
        exitCode: cloned.isCloned ? 0 : 1,
      }
    }),
})
