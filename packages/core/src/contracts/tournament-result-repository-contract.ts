import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { TournamentResult } from '../models/tournament-result.ts'
import type { TournamentResultRepository } from '../repositories/tournament-result-repository.ts'
import { newUuid } from './agent-builders.ts'
import { buildTournamentResult } from './benchmark-builders.ts'
import { keptEarnings, refusedEarnings } from './benchmark-score-repository-contract.ts'
import { currentRowsContract, type TwoWriters } from './current-rows-contract.ts'
import type { RepositoryContractOptions } from './keyed-rows-repository-contract.ts'
import { readPages } from './sample-suite.ts'
import { newHotkey } from './weight-record-builders.ts'

/** Everything that an implementation of {@link TournamentResultRepository} must hold, on a real engine. */
export function tournamentResultRepositoryContract(
  options: RepositoryContractOptions<TwoWriters<TournamentResultRepository>>,
): void {
  describe('tournament result repository contract', () => {
    let store: TwoWriters<TournamentResultRepository>
    let all: TournamentResultRepository
    beforeAll(async () => {
      store = await options.setup()
      all = store.repository
    })
    afterAll(async () => {
      await options.teardown?.()
    })
    currentRowsContract<TournamentResult, TournamentResultRepository>(
      {
        name: 'tournament results',
        build: buildTournamentResult,
        put: async (repository, result, call) => repository.put({ results: [result] }, call),
        find: async (repository, key, call) => repository.find(key, call),
        get: null,
        kept: [
          ...keptEarnings,
          ['of the last rank', { rank: 65_535, participantsBeaten: 65_535 }],
          ['that did not win', { isWinner: false, isBaselineBeaten: false, participantsBeaten: 0 }],
        ],
        refused: [
          ...refusedEarnings,
          ['rank 0', { rank: 0 }],
          ['a rank of 17 bits', { rank: 65_536 }],
          ['a hotkey with a quote', { hotkey: "a'b" }],
        ],
        change: { rank: 2, isWinner: false, finalScore: 0.1 + 0.2 },
        siblings: [
          ['tournament', { tournamentId: newUuid() }],
          ['hotkey', { hotkey: newHotkey() }],
        ],
        nonsense: (repository, result) => [
          async () => repository.find({ ...result, tournamentId: 'x' }),
          async () => repository.find({ ...result, hotkey: 'a b' }),
          async () => repository.list({ tournamentId: 'x', limit: 1 }),
          async () => repository.list({ ...result, limit: 1.5 }),
          async () => repository.list({ ...result, limit: 1, cursor: 'W10' }),
        ],
      },
      () => store,
    )

    it('lists by rank with any page size, and leaves nothing of an earlier scoring', async () => {
      const tournamentId = newUuid()
      const ranked = Array.from({ length: 5 }, (_unused, index) =>
        buildTournamentResult({ tournamentId, rank: index + 1 }),
      )
      const read = async (limit: number): Promise<readonly TournamentResult[]> =>
        readPages(async (page) => all.list({ tournamentId, ...page }), limit)
      await all.put({ results: [...ranked.toReversed(), buildTournamentResult()] })
      for (const limit of [1, 2, 4, 5, 10_000]) expect(await read(limit)).toStrictEqual(ranked)
      const again = ranked.toReversed().map((result, index) => ({ ...result, rank: index + 1 }))
      await store.behind.put({ results: again })
      for (const limit of [2, 9]) expect(await read(limit)).toStrictEqual(again)
    })

    it('pages through results of one rank, by hotkey', async () => {
      const tournamentId = newUuid()
      const tied = Array.from({ length: 4 }, () => buildTournamentResult({ tournamentId, rank: 1 }))
      await all.put({ results: tied.toReversed() })
      for (const limit of [1, 3]) {
        const found = await readPages(async (page) => all.list({ tournamentId, ...page }), limit)
        expect(found).toStrictEqual(tied)
      }
    })

    it('stores results of several tournaments at once, and none', async () => {
      await all.put({ results: [] })
      const results = [buildTournamentResult(), buildTournamentResult(), buildTournamentResult()]
      await all.put({ results })
      for (const result of results) {
        expect((await all.list({ tournamentId: result.tournamentId, limit: 9 })).items).toStrictEqual([
          result,
        ])
      }
    })
  })
}
