import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { tournamentStatuses, type Tournament } from '../models/tournament.ts'
import type { TournamentRepository } from '../repositories/tournament-repository.ts'
import { newUuid } from './agent-builders.ts'
import { buildTournament } from './benchmark-builders.ts'
import { currentRowsContract, type TwoWriters } from './current-rows-contract.ts'
import type { RepositoryContractOptions } from './keyed-rows-repository-contract.ts'
import { utcDate } from './miner-row-builders.ts'
import { nastyInstants, nastyTexts } from './nasty-values.ts'
import { readPages } from './sample-suite.ts'
import { newHotkey } from './weight-record-builders.ts'

const networks = Array.from({ length: 16 }, (_unused, index) => `network_${15 - index}`)

/** Everything that an implementation of {@link TournamentRepository} must hold, on a real engine. */
export function tournamentRepositoryContract(
  options: RepositoryContractOptions<TwoWriters<TournamentRepository>>,
): void {
  describe('tournament repository contract', () => {
    let store: TwoWriters<TournamentRepository>
    let tournaments: TournamentRepository
    beforeAll(async () => {
      store = await options.setup()
      tournaments = store.repository
    })
    afterAll(async () => {
      await options.teardown?.()
    })
    currentRowsContract<Tournament, TournamentRepository>(
      {
        name: 'tournaments',
        build: buildTournament,
        put: async (repository, tournament, call) => repository.put({ tournament }, call),
        find: async (repository, { tournamentId }, call) => repository.find({ tournamentId }, call),
        get: async (repository, { tournamentId }) => repository.get({ tournamentId }),
        kept: [
          ...tournamentStatuses.map((status) => [`when it is ${status}`, { status }] as const),
          ...nastyTexts
            .filter((text) => text !== '')
            .map(
              (text) =>
                [
                  `with a seed that ends in ${JSON.stringify(text)}`,
                  { datasetSeed: `nobody guesses: ${text}` },
                ] as const,
            ),
          ...nastyInstants.map((at) => [at.toISOString(), { createdAt: at, completedAt: at }] as const),
          [
            'of many networks and windows, in their order',
            { testNetworks: networks, testWindowDays: [3_650, 1, 7] },
          ],
          [
            'with the largest numbers',
            {
              name: `a${' ._-'.repeat(15)}z`,
              maxParticipants: 1_000,
              epochDays: 255,
              currentDay: 255,
              datasetTransfers: 10_000_000,
              timeLimitMs: 86_400_000,
            },
          ],
          ['that was cancelled', { status: 'cancelled', cancelReason: "It's \n over; --" }],
          ['that somebody won', { winnerHotkey: newHotkey(), isBaselineBeaten: true, baselineId: newUuid() }],
        ],
        refused: [
          ['a name that ends a statement', { name: "'; --" }],
          ['no network', { testNetworks: [] }],
          ['no window', { testWindowDays: [] }],
          ['a window of no days', { testWindowDays: [30, 0] }],
          ['no days', { epochDays: 0 }],
          ['a day of 9 bits', { currentDay: 256 }],
          ['an empty seed', { datasetSeed: '' }],
          ['a seed with half a surrogate pair', { datasetSeed: 'long enough, but \ud800' }],
          ['a limit of half a millisecond', { timeLimitMs: 100.5 }],
          ['cancelled without a word', { cancelReason: '' }],
          ['a winner with a quote', { winnerHotkey: "a'b" }],
        ],
        change: { status: 'in_progress', currentDay: 3 },
        siblings: [['id', { tournamentId: newUuid() }]],
        nonsense: (repository) => [
          async () => repository.find({ tournamentId: 'Week 6' }),
          async () => repository.get({ tournamentId: '' }),
          async () => repository.list({ limit: 0 }),
          async () => repository.list({ limit: 1, cursor: "'" }),
        ],
      },
      () => store,
    )

    it('lists and counts the latest start first, of a type and of some states', async () => {
      const days = ['2031-03-02', '2031-03-01', '2031-03-01', '2031-03-01', '2031-02-01'].map(utcDate)
      const statuses = ['cancelled', 'draft', 'scoring', 'cancelled', 'scoring'] as const
      const before = await tournaments.count({ statuses: ['cancelled', 'scoring'] })
      const beforeOfType = await tournaments.count({ imageType: 'ml' })
      const beforeAtAll = await tournaments.count({})
      const expected = days.map((competitionStart, index) =>
        buildTournament({
          competitionStart,
          status: statuses[index] ?? 'draft',
          imageType: index === 2 ? 'ml' : 'analytics',
        }),
      )
      for (const tournament of expected.toReversed()) await tournaments.put({ tournament })
      const ids = new Set(expected.map(({ tournamentId }) => tournamentId))
      const read = async (
        wanted: Parameters<TournamentRepository['count']>[0],
        limit: number,
      ): Promise<readonly Tournament[]> =>
        (await readPages(async (page) => tournaments.list({ ...wanted, ...page }), limit)).filter(
          ({ tournamentId }) => ids.has(tournamentId),
        )
      for (const limit of [3, 10_000]) expect(await read({}, limit)).toStrictEqual(expected)
      expect(await read({ imageType: 'ml' }, 2)).toStrictEqual(expected.slice(2, 3))
      expect(await read({ statuses: ['scoring', 'cancelled'] }, 2)).toStrictEqual(
        expected.filter(({ status }) => status !== 'draft'),
      )
      expect(await read({ statuses: ['scoring'], imageType: 'analytics' }, 2)).toStrictEqual(
        expected.slice(4),
      )
      expect(await tournaments.count({ statuses: ['cancelled', 'scoring'] })).toBe(before + 4)
      expect(await tournaments.count({ imageType: 'ml' })).toBe(beforeOfType + 1)
      expect(await tournaments.count({})).toBe(beforeAtAll + 5)
    })

    it('lists and counts none of no state at all', async () => {
      await tournaments.put({ tournament: buildTournament() })
      expect(await tournaments.list({ statuses: [], limit: 9 })).toStrictEqual({
        items: [],
        nextCursor: null,
      })
      expect(await tournaments.count({ statuses: [] })).toBe(0)
    })
  })
}
