import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { BenchmarkScore } from '../models/benchmark-score.ts'
import type { BenchmarkScoreRepository } from '../repositories/benchmark-score-repository.ts'
import { newUuid } from './agent-builders.ts'
import { buildBenchmarkScore } from './benchmark-builders.ts'
import { currentRowsContract, type NamedFields, type TwoWriters } from './current-rows-contract.ts'
import type { RepositoryContractOptions } from './keyed-rows-repository-contract.ts'
import { nastyCounts, nastyInstants, nastyTexts } from './nasty-values.ts'
import { expectInvalid, readPages } from './sample-suite.ts'
import { newHotkey } from './weight-record-builders.ts'

const at = (minute: number): Date => new Date(Date.UTC(2026, 1, 3, 4, minute))

/** What every score keeps, of an epoch as of a tournament. */
export const keptEarnings: readonly NamedFields<
  Omit<BenchmarkScore, 'epochId' | 'hotkey' | 'imageType' | 'rank' | 'tournamentId'>
>[] = [
  ...nastyTexts
    .filter((text) => text !== '')
    .map((text) => [`disqualified for ${JSON.stringify(text)}`, { disqualification: text }] as const),
  ...nastyInstants.map((calculatedAt) => [calculatedAt.toISOString(), { calculatedAt }] as const),
  ...nastyCounts.map(
    (count) => [`of ${count} runs and days`, { daysCompleted: count, runsCompleted: count }] as const,
  ),
  ['without parts', { components: [] }],
  ['of novelty alone', { components: [{ name: 'novelty', weight: 100, score: 1 }] }],
  ['with the smallest numbers', { finalScore: 5e-324, baselineComparisonRatio: 0 }],
  [
    'with the largest numbers',
    {
      finalScore: 1,
      baselineComparisonRatio: Number.MAX_VALUE,
      averageExecutionTimeSeconds: Number.MAX_VALUE,
    },
  ],
  ['that failed its gates', { isDataCorrectOnAllDays: false, isWithinTimeLimit: false, finalScore: 0 }],
  ['of the baseline', { participantType: 'baseline' }],
]

/** What no score may hold. */
export const refusedEarnings: readonly NamedFields<
  Omit<BenchmarkScore, 'epochId' | 'hotkey' | 'imageType' | 'rank' | 'tournamentId'>
>[] = [
  ['a score above 1', { finalScore: 1.000_000_001 }],
  ['a score that is no number', { finalScore: Number.NaN }],
  ['an endless ratio', { baselineComparisonRatio: Number.POSITIVE_INFINITY }],
  ['a part of 101 percent', { components: [{ name: 'accuracy', weight: 101, score: 1 }] }],
  ['a rule set with a space', { ruleSet: 'a b' }],
  ['half a day', { daysCompleted: 0.5 }],
  ['a calculation at no time', { calculatedAt: new Date(Number.NaN) }],
]

/** Everything that an implementation of {@link BenchmarkScoreRepository} must hold, on a real engine. */
export function benchmarkScoreRepositoryContract(
  options: RepositoryContractOptions<TwoWriters<BenchmarkScoreRepository>>,
): void {
  describe('benchmark score repository contract', () => {
    let store: TwoWriters<BenchmarkScoreRepository>
    let all: BenchmarkScoreRepository
    beforeAll(async () => {
      store = await options.setup()
      all = store.repository
    })
    afterAll(async () => {
      await options.teardown?.()
    })
    currentRowsContract<BenchmarkScore, BenchmarkScoreRepository>(
      {
        name: 'benchmark scores',
        build: buildBenchmarkScore,
        put: async (repository, score, call) => repository.put({ scores: [score] }, call),
        find: async (repository, key, call) => repository.find(key, call),
        get: null,
        kept: [
          ...keptEarnings,
          ['of a tournament', { tournamentId: newUuid() }],
          ['of rank 1', { rank: 1 }],
          ['of the last rank', { rank: 4_294_967_295 }],
        ],
        refused: [
          ...refusedEarnings,
          ['rank 0', { rank: 0 }],
          ['a hotkey with a quote', { hotkey: "a'b" }],
          ['a tournament that is no id', { tournamentId: 'x' }],
        ],
        change: { finalScore: 0.5, rank: 2, calculatedAt: at(59) },
        siblings: [
          ['type', { imageType: 'ml' }],
          ['hotkey', { hotkey: newHotkey() }],
          ['epoch', { epochId: newUuid() }],
        ],
        nonsense: (repository, score) => [
          async () => repository.find({ ...score, epochId: 'x' }),
          async () => repository.find({ ...score, hotkey: 'a b' }),
          async () => repository.listOf({ ...score, hotkey: '', limit: 1 }),
          async () => repository.listOf({ ...score, limit: 0 }),
          async () => repository.listLatest({ ...score, isTournamentIncluded: true, limit: 10_001 }),
          async () => repository.listLatest({ ...score, isTournamentIncluded: true, limit: 1, cursor: 'x' }),
        ],
      },
      () => store,
    )

    it('lists the scores of one miner, the newest first, with any page size', async () => {
      const hotkey = newHotkey()
      const minutes = [5, 3, 3, 3, 1]
      const scores = minutes.map((minute) => buildBenchmarkScore({ hotkey, calculatedAt: at(minute) }))
      const expected = scores.toSorted(
        (a, b) => b.calculatedAt.getTime() - a.calculatedAt.getTime() || (a.epochId < b.epochId ? 1 : -1),
      )
      await all.put({ scores })
      await all.put({ scores: [buildBenchmarkScore({ hotkey, imageType: 'ml' }), buildBenchmarkScore()] })
      for (const limit of [1, 2, 3, 5, 10_000]) {
        const read = async (page: { limit: number; cursor: string | null }) =>
          all.listOf({ imageType: 'analytics', hotkey, ...page })
        expect(await readPages(read, limit)).toStrictEqual(expected)
      }
    })

    it('lists the newest score of each hotkey, tournaments among them or not', async () => {
      const [first, second, third] = [newHotkey(), newHotkey(), newHotkey()]
      const build = (hotkey: string, minute: number, fields: Partial<BenchmarkScore> = {}): BenchmarkScore =>
        buildBenchmarkScore({ hotkey, calculatedAt: at(minute), ...fields })
      const older = build(first, 1)
      const newest = build(first, 7)
      const tied = build(second, 3)
      const tiedLater = build(second, 3)
      const contest = build(second, 9, { tournamentId: newUuid() })
      const onlyContest = build(third, 2, { tournamentId: newUuid() })
      const scores = [newest, older, contest, onlyContest, tiedLater, tied]
      await all.put({ scores: [...scores, build(first, 99, { imageType: 'ml' })] })
      const mine = new Set([first, second, third])
      const latest = async (
        isTournamentIncluded: boolean,
        limit: number,
      ): Promise<readonly BenchmarkScore[]> =>
        (
          await readPages(
            async (page) => all.listLatest({ imageType: 'analytics', isTournamentIncluded, ...page }),
            limit,
          )
        ).filter(({ hotkey }) => mine.has(hotkey))
      for (const limit of [13, 10_000]) {
        expect(await latest(true, limit)).toStrictEqual([newest, contest, onlyContest])
        expect(await latest(false, limit)).toStrictEqual([newest, tiedLater])
      }
      // The old one is calculated again, and with it becomes the newest.
      const again = { ...older, calculatedAt: at(30), finalScore: 0 }
      await all.put({ scores: [again] })
      expect(await latest(true, 99)).toStrictEqual([again, contest, onlyContest])
      // Ranking writes a score again and leaves its time.
      await all.put({ scores: [{ ...again, rank: 3 }] })
      expect(await latest(false, 99)).toStrictEqual([{ ...again, rank: 3 }, tiedLater])
    })

    it('stores none, and of one key put twice at once the later', async () => {
      await all.put({ scores: [] })
      const score = buildBenchmarkScore()
      await all.put({ scores: [score, buildBenchmarkScore(), { ...score, rank: 9 }] })
      expect(await all.find(score)).toStrictEqual({ ...score, rank: 9 })
    })

    it('stores scores of more miners than one statement can name', async () => {
      const scores = Array.from({ length: 2_500 }, () => buildBenchmarkScore({ imageType: 'ml', rank: 7 }))
      await all.put({ scores })
      await store.behind.put({ scores: scores.map((score) => ({ ...score, rank: 8 })) })
      const read = async (page: { limit: number; cursor: string | null }) =>
        all.listLatest({ imageType: 'ml', isTournamentIncluded: false, ...page })
      const hotkeys = new Set(scores.map(({ hotkey }) => hotkey))
      const found = (await readPages(read, 1_000)).filter(({ hotkey }) => hotkeys.has(hotkey))
      expect(found.map(({ rank }) => rank)).toStrictEqual(scores.map(() => 8))
    })

    it('refuses a question that does not say whether tournaments count', async () => {
      const wanted = { imageType: 'ml', isTournamentIncluded: true, limit: 1 } as const
      await expectInvalid(all.listLatest(Object.assign({ ...wanted }, { isTournamentIncluded: undefined })))
      await expectInvalid(all.listLatest(Object.assign({ ...wanted }, { imageType: undefined })))
    })
  })
}
