import { type BenchmarkScore, defineTask, imageTypeSchema } from '@subnetkit/core'
import { z } from 'zod'

import { lockNames } from '../../ports/locks.ts'
import { rankParticipants } from '../../scoring/rank-participants.ts'
import { allPages } from '../all-pages.ts'
import type { RecordDeps } from './contest-deps.ts'
import { withinLock } from '../within-lock.ts'

const contextSchema = z.strictObject({
  imageType: imageTypeSchema,
  /** Whether scores of tournaments count as a miner's newest; contests with other settings compare badly. */
  isTournamentIncluded: z.boolean(),
})

/**
 * Ranks the newest score of every hotkey of a type, from 1 and without gaps: by final score, then the baseline first, then
 * accuracy, time and hotkey. Returns them by rank. Ranking again writes the same.
 */
export const rankScores = defineTask({
  name: 'rank-scores',
  context: contextSchema,
  run: async (deps: RecordDeps, context, { signal }): Promise<readonly BenchmarkScore[]> => {
    const { benchmarkScores } = deps.repositories
    return await withinLock(deps.locks, lockNames.ranking(context.imageType), signal, async (held) => {
      const options = { signal: held }
      const latest = await allPages((page) => benchmarkScores.listLatest({ ...context, ...page }, options))
      const byHotkey = new Map(
        latest.toSorted((a, b) => (a.hotkey < b.hotkey ? -1 : 1)).map((score) => [score.hotkey, score]),
      )
      const { places } = rankParticipants(
        [...byHotkey.values()].map((score, registrationOrder) => ({
          hotkey: score.hotkey,
          kind: score.participantType,
          registrationOrder,
          score,
        })),
      )
      const ranked = places.flatMap(({ hotkey, rank }) => {
        const score = byHotkey.get(hotkey)
        return score === undefined ? [] : [{ ...score, rank }]
      })
      const changed = ranked.filter(({ hotkey, rank }) => byHotkey.get(hotkey)?.rank !== rank)
      if (changed.length > 0) await benchmarkScores.put({ scores: changed }, options)
      return ranked
    })
  },
})
