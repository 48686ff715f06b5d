import { imageTypeSchema } from '@subnetkit/core'
import { defineCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { rankScores } from '../tasks/contests/rank-scores.ts'
import { examplesText } from './command-group.ts'
import { plainTable } from './plain-table.ts'
import { withRecords } from './with-records.ts'

/** `benchmark rank`. */
export const rankCommand = defineCommand({
  name: 'rank',
  description: 'rank the newest score of every hotkey',
  options: z.strictObject({ imageType: imageTypeSchema, withTournaments: z.boolean().default(false) }),
  flags: (command) => {
    command
      .option('--image-type <type>', 'analytics or ml', 'analytics')
      .option('--with-tournaments', 'scores of tournaments count too')
      .addHelpText('after', examplesText(['rank', 'rank --image-type ml --with-tournaments --json']))
  },
  run: async ({ imageType, withTournaments: isTournamentIncluded }, session) =>
    await withRecords(session, { needs: ['writer'] }, async ({ benchmark: { deps }, perform }) => {
      const ranked = await perform(rankScores, deps, { imageType, isTournamentIncluded })
      const rows = ranked.map((score) => [
        String(score.rank),
        score.finalScore.toFixed(6),
        score.hotkey,
        score.calculatedAt.toISOString().slice(0, 10),
        score.disqualification ?? '',
      ])
      const table = plainTable(['rank', 'score', 'hotkey', 'scored', 'why'], rows)
      return { value: { scores: ranked }, text: rows.length === 0 ? 'nothing is scored yet' : table }
    }),
})
