import { commitSchema, hotkeySchema, imageTypeSchema } from '@subnetkit/core'
import { defineCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { addSubmission } from '../tasks/submissions/add-submission.ts'
import { parseRepositoryPlace } from './repository-place.ts'
import { examplesText } from './command-group.ts'
import { withRecords } from './with-records.ts'

const optionsSchema = z.strictObject({
  repository: z.string().min(1).max(2_048),
  hotkey: hotkeySchema,
  imageType: imageTypeSchema,
  commit: commitSchema.optional(),
  allowLocal: z.boolean().default(false),
})

/** `benchmark submission add`. */
export const addSubmissionCommand = defineCommand({
  name: 'add',
  description: "enter a miner's repository at a pinned commit; another commit replaces the one before",
  options: optionsSchema,
  flags: (command) => {
    command
      .argument('<repository>', 'its https address')
      .requiredOption('--hotkey <ss58>', 'whose it is')
      .option('--image-type <type>', 'analytics or ml', 'analytics')
      .option('--commit <hash>', 'default: the head of the default branch, as it is now')
      .option('--allow-local', 'take a file:// repository of this machine too')
      .addHelpText(
        'after',
        examplesText([
          'submission add https://github.com/someone/detector --hotkey 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
        ]),
      )
  },
  run: async ({ repository: place, hotkey, imageType, commit, allowLocal }, session) => {
    const source = parseRepositoryPlace('<repository>', place, allowLocal)
    return await withRecords(
      session,
      { needs: ['writer'], isLocalAllowed: allowLocal },
      async ({ benchmark: { deps }, perform }) => {
        const context = {
          hotkey,
          imageType,
          repository: source.repository,
          commit: commit ?? source.commit,
        }
        const added = await perform(addSubmission, deps, context)
        const { status } = added.submission
        const pinned = `${hotkey} at ${added.submission.commit}`
        return { value: added, text: `${added.isNew ? 'Added' : 'Already there'}: ${pinned}, ${status}` }
      },
    )
  },
})
