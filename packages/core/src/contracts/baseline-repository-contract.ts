import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { baselineStatuses, type Baseline } from '../models/baseline.ts'
import type { BaselineRepository } from '../repositories/baseline-repository.ts'
import { newUuid } from './agent-builders.ts'
import { buildBaseline } from './benchmark-builders.ts'
import { currentRowsContract, type TwoWriters } from './current-rows-contract.ts'
import type { RepositoryContractOptions } from './keyed-rows-repository-contract.ts'
import { nastyInstants, nastyTexts } from './nasty-values.ts'
import { readPages } from './sample-suite.ts'
import { newHotkey } from './weight-record-builders.ts'

/** Everything that an implementation of {@link BaselineRepository} must hold, on a real engine. */
export function baselineRepositoryContract(
  options: RepositoryContractOptions<TwoWriters<BaselineRepository>>,
): void {
  describe('baseline repository contract', () => {
    let store: TwoWriters<BaselineRepository>
    let baselines: BaselineRepository
    beforeAll(async () => {
      store = await options.setup()
      baselines = store.repository
    })
    afterAll(async () => {
      await options.teardown?.()
    })
    const put = async (...all: readonly Baseline[]): Promise<void> => {
      for (const baseline of all) await baselines.put({ baseline })
    }

    it('has no active one at first', async () => {
      expect(await baselines.findActive({ imageType: 'analytics' })).toBeNull()
    })

    it('finds the active one of a type that was activated last, also of two', async () => {
      const at = (minute: number): Date => new Date(Date.UTC(2026, 1, 3, 4, minute))
      const active = async (): Promise<Baseline | null> => baselines.findActive({ imageType: 'ml' })
      const unknown = buildBaseline({ imageType: 'ml', activatedAt: null })
      const first = buildBaseline({ imageType: 'ml', activatedAt: at(1), createdAt: at(9) })
      const second = buildBaseline({ imageType: 'ml', activatedAt: at(2), createdAt: at(0) })
      await put(buildBaseline({ imageType: 'ml', status: 'building', activatedAt: at(8) }), unknown)
      expect(await active()).toStrictEqual(unknown)
      await put(second, first)
      expect(await active()).toStrictEqual(second)
      await put(buildBaseline({ activatedAt: at(5) }))
      expect(await active()).toStrictEqual(second)
      await put({ ...second, status: 'deprecated', deprecatedAt: at(6) })
      expect(await active()).toStrictEqual(first)
      const tied = [first, buildBaseline({ imageType: 'ml', activatedAt: at(1), createdAt: at(9) })]
      await put(...tied.toReversed())
      expect(await active()).toStrictEqual(tied[1])
    })

    currentRowsContract<Baseline, BaselineRepository>(
      {
        name: 'baselines',
        build: buildBaseline,
        put: async (repository, baseline, call) => repository.put({ baseline }, call),
        find: async (repository, { baselineId }, call) => repository.find({ baselineId }, call),
        get: async (repository, { baselineId }) => repository.get({ baselineId }),
        kept: [
          ...baselineStatuses.map((status) => [`when it is ${status}`, { status }] as const),
          ...nastyTexts
            .filter((text) => text !== '')
            .map((text) => [`with the error ${JSON.stringify(text)}`, { errorMessage: text }] as const),
          ...nastyInstants.map(
            (at) => [at.toISOString(), { createdAt: at, activatedAt: at, deprecatedAt: at }] as const,
          ),
          ['of a tournament', { originatedFromTournamentId: newUuid(), originatedFromHotkey: newHotkey() }],
          ['that was never active', { activatedAt: null, deprecatedAt: null }],
          ['of the last version', { version: 'v999999.999999.999999' }],
        ],
        refused: [
          ['a version without v', { version: '1.2.3' }],
          ['half a commit', { commit: 'abc' }],
          ['a hotkey with a quote', { originatedFromHotkey: "a'b" }],
          ['a creation at no time', { createdAt: new Date(Number.NaN) }],
        ],
        change: { status: 'deprecated', deprecatedAt: new Date(1) },
        siblings: [
          ['id and version', { baselineId: newUuid(), version: 'v0.0.1' }],
          ['id and type', { baselineId: newUuid(), imageType: 'ml' }],
        ],
        nonsense: (repository) => [
          async () => repository.find({ baselineId: 'v1.0.0' }),
          async () => repository.get({ baselineId: '' }),
          async () => repository.list({ limit: 0 }),
          async () => repository.list({ limit: 1, cursor: 'W10' }),
        ],
      },
      () => store,
    )

    it('knows one baseline of each type and version, under the id that was put last', async () => {
      const before = buildBaseline()
      const after = { ...before, baselineId: newUuid() }
      await put(before, after)
      expect(await baselines.find(before)).toBeNull()
      expect(await baselines.find(after)).toStrictEqual(after)
      await put(before)
      expect(await baselines.find(before)).toStrictEqual(before)
      expect(await baselines.find(after)).toBeNull()
    })

    it('lists the newest first, of one type or both, with any page size', async () => {
      const later = new Date('2031-01-01T00:00:00.000Z')
      const at = new Date(later.getTime() - 1)
      const [newest, ...tied] = [
        buildBaseline({ createdAt: later }),
        buildBaseline({ createdAt: at }),
        buildBaseline({ createdAt: at, imageType: 'ml' }),
        buildBaseline({ createdAt: at }),
      ]
      const expected = [newest, ...tied.toReversed()]
      await put(...expected)
      const ids = new Set(expected.map(({ baselineId }) => baselineId))
      const read = async (
        wanted: Partial<Pick<Baseline, 'imageType'>>,
        limit: number,
      ): Promise<readonly Baseline[]> =>
        (await readPages(async (page) => baselines.list({ ...wanted, ...page }), limit)).filter(
          ({ baselineId }) => ids.has(baselineId),
        )
      for (const limit of [3, 10_000]) expect(await read({}, limit)).toStrictEqual(expected)
      expect(await read({ imageType: 'ml' }, 2)).toStrictEqual(tied.slice(1, 2))
      expect(await read({ imageType: 'analytics' }, 9)).toStrictEqual(
        expected.filter(({ imageType }) => imageType === 'analytics'),
      )
    })
  })
}
