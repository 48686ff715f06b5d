import { type BenchmarkEpoch, InputError, isInputError, uuidSchema } from '@subnetkit/core'
import { defineCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import type { Benchmark } from '../compose.ts'
import { sandboxKinds } from '../compose.ts'
import { allPages } from '../tasks/all-pages.ts'
import { cleanUp, type CleanedUp } from '../tasks/clean-up.ts'
import { examplesText } from './command-group.ts'
import { withRecords } from './with-records.ts'

const optionsSchema = z.strictObject({
  epoch: uuidSchema.optional(),
  tournament: uuidSchema.optional(),
  allEnded: z.boolean().default(false),
  sandbox: z.enum(sandboxKinds),
})
type Options = z.infer<typeof optionsSchema>

const examples = examplesText(
  [
    'clean --tournament 0d9b6a52-0000-8000-8000-000000000001',
    'clean --all-ended',
    'clean --epoch 0d9b6a52-0000-8000-8000-000000000001',
  ],
  "Images, trees and run folders go, and what killed processes left in the sandbox; rows stay, and miners' databases are\narchived. What is needed again is made again. Nothing of a submission that waits or runs is touched.",
)

/** `benchmark clean`. */
export const cleanCommand = defineCommand({
  name: 'clean',
  description: 'remove what ended epochs left on this machine',
  options: optionsSchema,
  flags: (command) => {
    command
      .option('--epoch <id>', 'one epoch')
      .option('--tournament <id>', 'all epochs of a tournament')
      .option('--all-ended', 'all epochs that are completed or failed')
      .option('--sandbox <kind>', sandboxKinds.join(', '), 'auto')
      .addHelpText('after', examples)
  },
  run: async (options, session) =>
    await withRecords(
      session,
      { needs: ['writer', 'sandbox'], sandboxKind: options.sandbox },
      async ({ benchmark: { deps }, perform }) => {
        const cleaned: CleanedUp[] = []
        const kept: string[] = []
        const epochs = await chosenEpochs(deps, options, session.signal)
        for (const [done, { epochId }] of epochs.entries()) {
          session.progress({ stage: 'clean up', unit: 'epochs', done, total: epochs.length })
          try {
            cleaned.push(await perform(cleanUp, deps, { epochId }))
          } catch (error) {
            if (!isInputError(error)) throw error
            kept.push(error.message)
          }
        }
        const leftovers = await deps.sandbox.removeLeftovers()
        const lines = [
          `${cleaned.length} epochs cleaned up, ${leftovers.length} leftovers removed`,
          ...kept.map((reason) => `  kept: ${reason}`),
        ]
        return { value: { cleaned, kept, leftovers }, text: lines.join('\n') }
      },
    ),
})

async function chosenEpochs(
  { repositories: { benchmarkEpochs } }: Benchmark['deps'],
  { epoch, tournament, allEnded }: Options,
  signal: AbortSignal,
): Promise<readonly BenchmarkEpoch[]> {
  if (epoch !== undefined) return [await benchmarkEpochs.get({ epochId: epoch }, { signal })]
  if (tournament === undefined && !allEnded) {
    throw new InputError({
      field: 'clean',
      problem: 'does not say what',
      hint: 'give --epoch, --tournament or --all-ended',
    })
  }
  const filter = tournament === undefined ? {} : { tournamentId: tournament }
  const epochs = await allPages((page) => benchmarkEpochs.list({ ...filter, ...page }, { signal }))
  return epochs.filter(({ status }) => status === 'completed' || status === 'failed')
}
