import { hotkeySchema, imageTypeSchema, submissionSchema } from '@subnetkit/core'
import { defineCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { lockNames } from '../ports/locks.ts'
import { withinLock } from '../tasks/within-lock.ts'
import { examplesText } from './command-group.ts'
import { withRecords } from './with-records.ts'

const optionsSchema = z.strictObject({
  hotkey: hotkeySchema,
  imageType: imageTypeSchema,
  reason: submissionSchema.shape.validationError.unwrap().optional(),
})

/** `benchmark submission disable`. */
export const disableSubmissionCommand = defineCommand({
  name: 'disable',
  description: 'keep a submission from further epochs and registrations; adding it again ends that',
  options: optionsSchema,
  flags: (command) => {
    command
      .argument('<hotkey>', 'whose it is')
      .option('--image-type <type>', 'analytics or ml', 'analytics')
      .option('--reason <text>', 'why; the miner is told')
      .addHelpText(
        'after',
        examplesText([
          'submission disable 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY --reason "copied code"',
        ]),
      )
  },
  run: async ({ hotkey, imageType, reason = null }, session) =>
    await withRecords(session, { needs: ['writer'] }, async ({ benchmark: { deps, clock } }) => {
      const { locks, repositories } = deps
      const name = lockNames.submission(imageType, hotkey)
      const submission = await withinLock(locks, name, session.signal, async (signal) => {
        const change = { status: 'disabled' as const, validationError: reason, now: clock.now() }
        return await repositories.submissions.setStatus({ hotkey, imageType, ...change }, { signal })
      })
      return { value: submission, text: `${hotkey} is ${submission.status}` }
    }),
})
