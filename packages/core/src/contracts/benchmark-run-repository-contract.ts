import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { benchmarkRunStatuses, type BenchmarkRun } from '../models/benchmark-run.ts'
import type { BenchmarkRunRepository } from '../repositories/benchmark-run-repository.ts'
import { newUuid } from './agent-builders.ts'
import { buildBenchmarkRun, buildScoringRun } from './benchmark-builders.ts'
import { currentRowsContract, type NamedFields, type TwoWriters } from './current-rows-contract.ts'
import type { RepositoryContractOptions } from './keyed-rows-repository-contract.ts'
import { utcDate } from './miner-row-builders.ts'
import { nastyCounts, nastyInstants, nastyTexts } from './nasty-values.ts'
import { readPages } from './sample-suite.ts'
import { newHotkey } from './weight-record-builders.ts'

/** A run that waits: nothing is known of it, and nothing is true by default. */
const waiting = {
  status: 'pending',
  attempts: 0,
  datasetSha256: null,
  sandbox: null,
  executionMs: null,
  exitCode: null,
  memoryPeakBytes: null,
  outputBytes: null,
  outcome: null,
  features: null,
  startedAt: null,
  completedAt: null,
} as const satisfies Partial<BenchmarkRun>

const kept: readonly NamedFields<BenchmarkRun>[] = [
  ...benchmarkRunStatuses.map((status) => [`when it is ${status}`, { status }] as const),
  ...nastyInstants.map(
    (at) => [at.toISOString(), { createdAt: at, startedAt: at, completedAt: at }] as const,
  ),
  ...nastyCounts.map(
    (count) =>
      [
        `with ${count} of everything`,
        {
          attempts: count,
          executionMs: count,
          memoryPeakBytes: count,
          outputBytes: count,
          features: { rows: count, columns: count, rowsWithoutAddress: count },
        },
      ] as const,
  ),
  ['that waits', waiting],
  ['of a tournament', { tournamentId: newUuid(), runOrder: 65_535 }],
  ['of the baseline', { hotkey: 'baseline', participantType: 'baseline' }],
  ['that was killed', { exitCode: -1, status: 'timeout', errorMessage: nastyTexts.join('') }],
  ['that was cut off', { exitCode: 255, isDisqualified: true, disqualificationReason: nastyTexts.join('') }],
  ['with a table of features and no outcome', { outcome: null }],
  ['with an outcome and no table of features', { features: null }],
]

const refused: readonly NamedFields<BenchmarkRun>[] = [
  ['a hotkey with a quote', { hotkey: "a'b" }],
  ['an empty network', { network: '' }],
  ['a window of no days', { windowDays: 0 }],
  ['a place of 17 bits', { runOrder: 65_536 }],
  ['half an attempt', { attempts: 0.5 }],
  ['a checksum in upper case', { datasetSha256: 'AB'.repeat(32) }],
  ['an exit code of 9 bits', { exitCode: 256 }],
  ['an empty error', { errorMessage: '' }],
  ['an error with half a surrogate pair', { errorMessage: '\udfff' }],
  ['negative features', { features: { rows: -1, columns: 0, rowsWithoutAddress: 0 } }],
  ['a start at no time', { startedAt: new Date(Number.NaN) }],
]

/** Keys beside a run's own. Its id follows from the key elsewhere; here it stays, and must not tell runs apart. */
const siblings: readonly NamedFields<BenchmarkRun>[] = [
  ['epoch', { epochId: newUuid() }],
  ['hotkey', { hotkey: newHotkey() }],
  ['day', { testDate: utcDate('2026-02-04') }],
  ['network', { network: 'bittensor' }],
  ['window', { windowDays: 90 }],
]

/** Everything that an implementation of {@link BenchmarkRunRepository} must hold, on a real engine. */
export function benchmarkRunRepositoryContract(
  options: RepositoryContractOptions<TwoWriters<BenchmarkRunRepository>>,
): void {
  describe('benchmark run repository contract', () => {
    let runs: BenchmarkRunRepository
    let store: TwoWriters<BenchmarkRunRepository>
    beforeAll(async () => {
      store = await options.setup()
      runs = store.repository
    })
    afterAll(async () => {
      await options.teardown?.()
    })
    for (const [imageType, build, outcome] of [
      ['analytics', buildBenchmarkRun, { ...patterns, found: 11 }],
      ['ml', buildScoringRun, { ...scores, coverage: 1 }],
    ] as const) {
      const foreign = imageType === 'ml' ? patterns : scores
      currentRowsContract<BenchmarkRun, BenchmarkRunRepository>(
        {
          name: `benchmark runs of ${imageType}`,
          build,
          put: async (repository, run, call) => repository.put({ run }, call),
          find: async (repository, run, call) => repository.find(run, call),
          get: async (repository, run) => repository.get(run),
          kept,
          refused: [...refused, ['an outcome of the other type', { outcome: foreign }]],
          change: { outcome, attempts: 2, status: 'failed', runOrder: 3, errorMessage: 'It crashed.' },
          siblings,
          nonsense: (repository, run) => [
            async () => repository.find({ ...run, epochId: 'x' }),
            async () => repository.get({ ...run, hotkey: 'a b' }),
            async () => repository.find({ ...run, network: "'" }),
            async () => repository.find({ ...run, windowDays: 1.5 }),
            async () => repository.list({ imageType, epochId: '', limit: 1 }),
            async () => repository.list({ imageType, tournamentId: '', limit: 1 }),
            async () => repository.list({ imageType, hotkey: '\\', limit: 1 }),
            async () => repository.list({ imageType, testDate: '2026-02-30', limit: 1 }),
            async () => repository.list({ imageType, limit: 10_001 }),
            async () => repository.list({ imageType, limit: 1, cursor: 'W10' }),
          ],
        },
        () => store,
      )
    }
    const put = async (...all: readonly BenchmarkRun[]): Promise<void> => {
      for (const run of all) await runs.put({ run })
    }

    it('keeps types apart that share everything else', async () => {
      const run = buildBenchmarkRun()
      const other = { ...buildScoringRun(), ...keyOf(run), imageType: 'ml', runId: run.runId } as const
      await put(run)
      expect(await runs.find(other)).toBeNull()
      await put(other)
      expect(await runs.find(run)).toStrictEqual(run)
      expect(await runs.find(other)).toStrictEqual(other)
      for (const one of [run, other]) {
        const { epochId, imageType } = one
        expect((await runs.list({ imageType, epochId, limit: 9 })).items).toStrictEqual([one])
      }
    })

    it('lists by day, order, network, window and hotkey, with any page size', async () => {
      const epochId = newUuid()
      const [a, b] = [newHotkey(), newHotkey()]
      const expected = ['2026-02-03', '2026-02-28', '2026-03-01'].flatMap((day) =>
        [0, 1].flatMap((runOrder) =>
          ['bittensor', 'torus'].flatMap((network) =>
            [7, 30].flatMap((windowDays) =>
              [a, b].map((hotkey) =>
                buildBenchmarkRun({
                  epochId,
                  hotkey,
                  testDate: utcDate(day),
                  // Another key for each place, in an order that the places do not follow.
                  network: `${network}_${1 - runOrder}`,
                  windowDays,
                  runOrder,
                }),
              ),
            ),
          ),
        ),
      )
      const shuffled = expected.map((_run, index) => expected[(index * 7 + 5) % expected.length])
      for (const run of shuffled) if (run !== undefined) await runs.put({ run })
      for (const limit of [13, 47, 48, 10_000]) {
        const read = async (page: { limit: number; cursor: string | null }) =>
          runs.list({ imageType: 'analytics', epochId, ...page })
        expect(await readPages(read, limit)).toStrictEqual(expected)
      }
    })

    it('pages through runs of several epochs of one hotkey that share day, place, network and window', async () => {
      const hotkey = newHotkey()
      const expected = Array.from({ length: 5 }, () => buildBenchmarkRun({ hotkey }))
      await put(...expected.toReversed())
      for (const limit of [1, 2, 5]) {
        const read = async (page: { limit: number; cursor: string | null }) =>
          runs.list({ imageType: 'analytics', hotkey, ...page })
        expect(await readPages(read, limit)).toStrictEqual(expected)
      }
    })

    it('lists those of an epoch, a tournament, a hotkey and a day, each and together', async () => {
      const [tournamentId, hotkey] = [newUuid(), newHotkey()]
      const testDate = utcDate('2031-05-06')
      const first = buildBenchmarkRun({ tournamentId, hotkey })
      const other = buildBenchmarkRun({ tournamentId, testDate })
      const alone = buildBenchmarkRun({ hotkey, testDate, runOrder: 1 })
      await put(alone, other, first, buildBenchmarkRun(), buildScoringRun({ tournamentId, hotkey, testDate }))
      const list = async (
        wanted: Omit<Parameters<BenchmarkRunRepository['list']>[0], 'limit' | 'imageType'>,
      ): Promise<readonly BenchmarkRun[]> =>
        (await runs.list({ ...wanted, imageType: 'analytics', limit: 9 })).items
      expect(await list({ tournamentId })).toStrictEqual([first, other])
      expect(await list({ hotkey })).toStrictEqual([first, alone])
      expect(await list({ testDate })).toStrictEqual([other, alone])
      expect(await list({ epochId: first.epochId })).toStrictEqual([first])
      expect(await list({ tournamentId, hotkey })).toStrictEqual([first])
      expect(await list({ hotkey, testDate })).toStrictEqual([alone])
      expect(await list({ epochId: first.epochId, testDate })).toStrictEqual([])
    })
  })
}

const patterns = {
  kind: 'patterns',
  reported: Number.MAX_SAFE_INTEGER,
  expected: 10,
  found: 0,
  badData: 1,
  fabricated: 2,
} as const

const scores = {
  kind: 'scores',
  reported: 1,
  expected: 2,
  scored: 3,
  badData: 4,
  fabricated: 5,
  coverage: 0.1 + 0.2,
  areaUnderCurve: 1,
  precisionAtRecall80: 0,
  calibrationError: 1e-300,
} as const

function keyOf({
  epochId,
  hotkey,
  network,
  testDate,
  windowDays,
}: BenchmarkRun): Pick<BenchmarkRun, 'epochId' | 'hotkey' | 'network' | 'testDate' | 'windowDays'> {
  return { epochId, hotkey, network, testDate, windowDays }
}
