import { type MinerScore, StorageError } from '@subnetkit/core'
import { defineCommand, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import type { Config } from '../config.ts'
import { byRank } from '../scoring/build-snapshot.ts'
import { chainShares } from '../scoring/chain-shares.ts'
import { leaderboard } from '../scoring/leaderboard.ts'
import { snapshotScores } from '../scoring/snapshot-scores.ts'
import { topFlag, topFlagSchema } from './top-flag.ts'
import { withReadyValidator } from './with-validator.ts'

const examples = `
Examples:
  $ validator scores latest
  $ validator scores latest --top 5 --json
`

/** `validator scores latest`: the leaderboard; no scores yet is a failure, exit code 1. */
export function scoresLatestCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'latest',
    description: 'show the leaderboard of the latest scores',
    options: z.strictObject({ top: topFlagSchema }),
    flags: (command) => {
      topFlag(command).addHelpText('after', examples)
    },
    run: async ({ top }, session) =>
      await withReadyValidator(config, session, async ({ repositories: { minerScores }, now, store }) => {
        const options = { signal: session.signal }
        const at = now()
        const snapshot = await minerScores.findLatestSnapshot({ now: at }, options)
        if (snapshot === null) {
          throw new StorageError({
            code: 'not_found',
            message: `there are no scores in ${store}; validator scores compute makes them`,
          })
        }
        const scores: MinerScore[] = []
        for await (const score of snapshotScores(minerScores, { snapshot, now: at }, options))
          scores.push(score)
        const { owner } = chainShares({ weights: scores, burn: snapshot.burn })
        return {
          value: { snapshot, ownerShare: owner, items: scores.toSorted(byRank).slice(0, top) },
          text: leaderboard({ snapshot, scores, top, width: process.stdout.columns ?? 80 }),
        }
      }),
  })
}
