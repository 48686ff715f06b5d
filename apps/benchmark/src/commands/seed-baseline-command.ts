import { baselineSchema, imageTypeSchema } from '@subnetkit/core'
import { defineCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { seedBaseline } from '../tasks/contests/seed-baseline.ts'
import { parseRepositoryPlace } from './repository-place.ts'
import { examplesText } from './command-group.ts'
import { sandboxFlags, sandboxFlagsShape } from './contest-flags.ts'
import { withContest } from './with-contest.ts'

const optionsSchema = z.strictObject({
  repository: z.string().min(1).max(2_048),
  imageType: imageTypeSchema,
  baselineVersion: baselineSchema.shape.version.optional(),
  replace: z.boolean().default(false),
  ...sandboxFlagsShape,
})

/** `benchmark baseline seed`. */
export const seedBaselineCommand = defineCommand({
  name: 'seed',
  description: 'make a repository the baseline: cloned, scanned and built like any submission',
  options: optionsSchema,
  flags: (command) => {
    sandboxFlags(command)
    command
      .argument('<repository>', 'its address, with #commit to pin another than the head')
      .option('--image-type <type>', 'analytics or ml', 'analytics')
      .option('--baseline-version <vX.Y.Z>', 'default: v1.0.0, or the next minor version')
      .option('--replace', 'also when another one is active')
      .addHelpText('after', examplesText(['baseline seed https://github.com/someone/detector']))
  },
  run: async (options, session) => {
    const { sandbox: sandboxKind, workers = null, allowLocal: isLocalAllowed, imageType } = options
    const source = parseRepositoryPlace('<repository>', options.repository, isLocalAllowed)
    return await withContest(session, { sandboxKind, workers, isLocalAllowed }, async ({ deps, perform }) => {
      const seeded = await perform(seedBaseline, deps, {
        imageType,
        ...source,
        version: options.baselineVersion ?? null,
        isReplacing: options.replace,
      })
      const { version, commit } = seeded.baseline
      return seeded.isActive
        ? { value: seeded, text: `${version} is the active baseline (${commit})` }
        : { value: seeded, text: `${version} could not be made: ${seeded.reason}`, exitCode: 1 }
    })
  },
})
