import { defineCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { orchestrateDay } from '../tasks/contests/orchestrate-day.ts'
import { examplesText } from './command-group.ts'
import { dayFlags, dayFlagsShape, sandboxFlags, sandboxFlagsShape } from './contest-flags.ts'
import { visible } from './plain-table.ts'
import { withContest } from './with-contest.ts'

/** `benchmark epoch run`. */
export const runEpochsCommand = defineCommand({
  name: 'run',
  description: 'run a day of all submissions outside of tournaments; who has no epoch gets one of seven days',
  options: z.strictObject({ ...dayFlagsShape, ...sandboxFlagsShape }),
  flags: (command) => {
    sandboxFlags(command)
    dayFlags(command)
    command.addHelpText('after', examplesText(['epoch run', 'epoch run --image-type ml --date 2025-08-08']))
  },
  run: async ({ imageType, date, sandbox: sandboxKind, workers = null, allowLocal }, session) =>
    await withContest(
      session,
      { sandboxKind, workers, isLocalAllowed: allowLocal },
      async ({ deps, perform }) => {
        const testDate = date ?? deps.clock.now().toISOString().slice(0, 10)
        const day = await perform(orchestrateDay, deps, { imageType, testDate })
        const lines = [
          `${day.testDate}: ${day.totalRuns} runs of ${day.epochs} epochs, ${day.foundDone} of them found done`,
          ...day.refused.map(({ hotkey, reason }) => `  out: ${hotkey}: ${visible(reason)}`),
          ...day.scored.map(({ hotkey, finalScore }) => `  scored: ${hotkey}: ${finalScore.toFixed(6)}`),
        ]
        return { value: day, text: lines.join('\n') }
      },
    ),
})
