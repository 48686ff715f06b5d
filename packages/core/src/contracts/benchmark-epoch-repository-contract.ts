import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { benchmarkEpochStatuses, type BenchmarkEpoch } from '../models/benchmark-epoch.ts'
import type { BenchmarkEpochRepository } from '../repositories/benchmark-epoch-repository.ts'
import { newUuid } from './agent-builders.ts'
import { buildBenchmarkEpoch } from './benchmark-builders.ts'
import { currentRowsContract, type TwoWriters } from './current-rows-contract.ts'
import type { RepositoryContractOptions } from './keyed-rows-repository-contract.ts'
import { utcDate } from './miner-row-builders.ts'
import { nastyInstants, nastyTexts } from './nasty-values.ts'
import { readPages } from './sample-suite.ts'
import { newHotkey } from './weight-record-builders.ts'

/** Everything that an implementation of {@link BenchmarkEpochRepository} must hold, on a real engine. */
export function benchmarkEpochRepositoryContract(
  options: RepositoryContractOptions<TwoWriters<BenchmarkEpochRepository>>,
): void {
  describe('benchmark epoch repository contract', () => {
    let epochs: BenchmarkEpochRepository
    let store: TwoWriters<BenchmarkEpochRepository>
    beforeAll(async () => {
      store = await options.setup()
      epochs = store.repository
    })
    afterAll(async () => {
      await options.teardown?.()
    })
    currentRowsContract<BenchmarkEpoch, BenchmarkEpochRepository>(
      {
        name: 'benchmark epochs',
        build: buildBenchmarkEpoch,
        put: async (repository, epoch, call) => repository.put({ epoch }, call),
        find: async (repository, { epochId }, call) => repository.find({ epochId }, call),
        get: async (repository, { epochId }) => repository.get({ epochId }),
        kept: [
          ...benchmarkEpochStatuses.map((status) => [`when it is ${status}`, { status }] as const),
          ...nastyTexts
            .filter((text) => text !== '')
            .map((text) => [`with the error ${JSON.stringify(text)}`, { errorMessage: text }] as const),
          ...nastyInstants.map((at) => [at.toISOString(), { createdAt: at, completedAt: at }] as const),
          [
            'of a tournament',
            { tournamentId: newUuid(), treeSha256: 'ef'.repeat(32), image: 'subnetkit/a:1' },
          ],
          ['of the baseline', { hotkey: 'baseline', participantType: 'baseline', imageType: 'ml' }],
          ['of the first and last day', { startDate: utcDate('1970-01-01'), endDate: utcDate('2149-06-06') }],
        ],
        refused: [
          ['a hotkey with a quote', { hotkey: "a'b" }],
          ['an id that is none for its tournament', { tournamentId: 'x' }],
          ['an empty image', { image: '' }],
          ['half a commit', { commit: 'abc' }],
          ['half a hash of its files', { treeSha256: 'ef' }],
          ['an end at no time', { completedAt: new Date(Number.NaN) }],
        ],
        change: { status: 'failed', errorMessage: 'It did not build.', completedAt: new Date(1) },
        siblings: [['id', { epochId: newUuid() }]],
        nonsense: (repository, { hotkey, imageType }) => [
          async () => repository.find({ epochId: "'; DROP TABLE benchmark_epochs; --" }),
          async () => repository.get({ epochId: '' }),
          async () => repository.findActive({ hotkey: 'a b', imageType }),
          async () => repository.list({ hotkey: 'a b', limit: 1 }),
          async () => repository.list({ tournamentId: 'none', limit: 1 }),
          async () => repository.list({ hotkey, limit: 0 }),
          async () => repository.list({ hotkey, limit: 1, cursor: 'x' }),
        ],
      },
      () => store,
    )

    const put = async (...all: readonly BenchmarkEpoch[]): Promise<void> => {
      for (const epoch of all) await epochs.put({ epoch })
    }

    it('lists the newest start first, then by id, with any page size', async () => {
      const hotkey = newHotkey()
      const days = ['2026-02-05', '2026-02-03', '2026-02-03', '2026-02-03', '2026-01-31'].map(utcDate)
      const expected = days
        .map((startDate) => buildBenchmarkEpoch({ hotkey, startDate }))
        .toSorted((a, b) => order(b.startDate, a.startDate) || order(a.epochId, b.epochId))
      await put(...expected.toReversed())
      await put(buildBenchmarkEpoch())
      for (const limit of [1, 2, 4, 5, 10_000]) {
        const read = async (page: { limit: number; cursor: string | null }) =>
          epochs.list({ hotkey, ...page })
        expect(await readPages(read, limit)).toStrictEqual(expected)
      }
    })

    it('lists those of a type, a state and a tournament, or outside of any', async () => {
      const hotkey = newHotkey()
      const tournamentId = newUuid()
      const alone = buildBenchmarkEpoch({ hotkey, startDate: utcDate('2026-02-09') })
      const contest = buildBenchmarkEpoch({ hotkey, tournamentId, startDate: utcDate('2026-02-08') })
      const scoring = buildBenchmarkEpoch({
        hotkey,
        imageType: 'ml',
        status: 'completed',
        startDate: utcDate('2026-02-07'),
      })
      const stranger = buildBenchmarkEpoch({ tournamentId, startDate: utcDate('2026-02-06') })
      await put(stranger, scoring, contest, alone)
      const list = async (
        wanted: Omit<Parameters<BenchmarkEpochRepository['list']>[0], 'limit'>,
      ): Promise<readonly BenchmarkEpoch[]> => (await epochs.list({ ...wanted, limit: 9 })).items
      expect(await list({ hotkey })).toStrictEqual([alone, contest, scoring])
      expect(await list({ hotkey, tournamentId: null })).toStrictEqual([alone, scoring])
      expect(await list({ tournamentId })).toStrictEqual([contest, stranger])
      expect(await list({ hotkey, tournamentId })).toStrictEqual([contest])
      expect(await list({ hotkey, imageType: 'ml' })).toStrictEqual([scoring])
      expect(await list({ hotkey, status: 'pending' })).toStrictEqual([alone, contest])
      expect(await list({ hotkey, status: 'running' })).toStrictEqual([])
    })

    it('finds the active epoch with the newest start, outside of tournaments', async () => {
      const hotkey = newHotkey()
      const key = { hotkey, imageType: 'analytics' } as const
      expect(await epochs.findActive(key)).toBeNull()
      const older = buildBenchmarkEpoch({ hotkey, startDate: utcDate('2026-02-01'), status: 'running' })
      const newer = buildBenchmarkEpoch({ hotkey, startDate: utcDate('2026-02-02') })
      const later = { hotkey, startDate: utcDate('2026-02-03') } as const
      await put(
        newer,
        older,
        buildBenchmarkEpoch({ ...later, status: 'completed' }),
        buildBenchmarkEpoch({ ...later, status: 'failed' }),
        buildBenchmarkEpoch({ ...later, imageType: 'ml' }),
        buildBenchmarkEpoch({ ...later, tournamentId: newUuid() }),
        buildBenchmarkEpoch({ startDate: later.startDate }),
      )
      expect(await epochs.findActive(key)).toStrictEqual(newer)
      await put({ ...newer, status: 'completed' })
      expect(await epochs.findActive(key)).toStrictEqual(older)
      await put({ ...older, status: 'failed' })
      expect(await epochs.findActive(key)).toBeNull()
    })
  })
}

function order(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
