import { uuidSchema } from '@subnetkit/core'
import { defineCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { scoreEpoch } from '../tasks/contests/score-epoch.ts'
import { examplesText } from './command-group.ts'
import { visible } from './plain-table.ts'
import { withRecords } from './with-records.ts'

/** `benchmark epoch score`. */
export const scoreEpochCommand = defineCommand({
  name: 'score',
  description: 'score an epoch outside of tournaments; runs that never took place count as 0',
  options: z.strictObject({ epoch: uuidSchema }),
  flags: (command) => {
    command
      .argument('<epoch>', 'its id, from benchmark epoch list')
      .addHelpText('after', examplesText(['epoch score 0d9b6a52-0000-8000-8000-000000000001']))
  },
  run: async ({ epoch: epochId }, session) =>
    await withRecords(session, { needs: ['writer'] }, async ({ benchmark: { deps }, perform }) => {
      const score = await perform(scoreEpoch, deps, { epochId })
      const { hotkey, finalScore, disqualification } = score
      const why = disqualification === null ? '' : `: ${visible(disqualification)}`
      return { value: score, text: `${hotkey}: ${finalScore.toFixed(6)}${why}` }
    }),
})
