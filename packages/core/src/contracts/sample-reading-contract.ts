import { describe, expect, it } from 'vitest'

import type { Sample } from '../models/sample.ts'
import type { PutSampleParams } from '../repositories/sample-repository.ts'
import { buildNewSample, buildPutSample, sampleKeyOf, sampleScopeOf } from './sample-builders.ts'
import {
  allGenerations,
  idsOf,
  LAST_TASK_ID,
  presentIds,
  putSample,
  readPages,
  type SampleSuite,
} from './sample-suite.ts'

/** Names that a careless key would mix up. */
const nastyEnvironments = [
  'affine:ded',
  'affine:ded-v2',
  'affine:de',
  'a#b',
  'a%23b',
  'a%b',
  'a/b',
  `"a"'b'`,
  'a#GEN#000001#TASK#000000000001',
  '~',
  '!',
] as const

/** What every question about samples must hold. */
export function sampleReadingContract(suite: SampleSuite): void {
  describe('reading', () => {
    it('finds nothing where nothing is', async () => {
      const sample = buildNewSample({ minerHotkey: suite.newMiner() })
      const key = sampleKeyOf(sample)
      expect(await suite.repository.find({ key })).toBeNull()
      expect(await suite.repository.findConversation({ key })).toBeNull()
      expect(
        await suite.repository.list({ scope: sampleScopeOf(sample), ...allGenerations, limit: 9 }),
      ).toStrictEqual({
        items: [],
        nextCursor: null,
      })
      expect(await presentIds(suite, sample)).toStrictEqual([])
      expect(await suite.repository.listScopes({ minerHotkey: key.minerHotkey, limit: 9 })).toStrictEqual({
        items: [],
        nextCursor: null,
      })
    })

    it('takes a whole sample for its key', async () => {
      const sample = await putSample(suite, { minerHotkey: suite.newMiner() })
      expect(await suite.repository.find({ key: sample })).toStrictEqual(sample)
      expect(await suite.repository.findConversation({ key: sample })).not.toBeNull()
      expect(await suite.repository.remove({ keys: [sample] })).toStrictEqual({ removed: 1 })
    })

    it('never mixes environments, revisions or miners whose names begin alike', async () => {
      const minerHotkey = suite.newMiner()
      const others = [
        ...nastyEnvironments.map((environment) => ({ minerHotkey, environment })),
        ...['4f1', '4f1c2d9a', '4f1c2d9.', '4f1c2d9-v2'].map((modelRevision) => ({
          minerHotkey,
          modelRevision,
        })),
        ...[`${minerHotkey}0`, `${minerHotkey}A`].map((longer) => ({ minerHotkey: longer })),
      ]
      const stored: Sample[] = []
      for (const [taskId, fields] of others.entries())
        stored.push(await putSample(suite, { ...fields, taskId }))
      for (const sample of stored) {
        const scope = sampleScopeOf(sample)
        const expected = stored.filter((one) => JSON.stringify(sampleScopeOf(one)) === JSON.stringify(scope))
        const { items } = await suite.repository.list({ scope, ...allGenerations, limit: 100 })
        expect(items).toStrictEqual(expected)
        expect(await presentIds(suite, sample)).toStrictEqual(idsOf(expected))
      }
    })

    it('keeps generations apart', async () => {
      const minerHotkey = suite.newMiner()
      const stored: Sample[] = []
      for (const [generation, taskId] of [
        [0, 5],
        [1, 5],
        [1, 300],
        [2, 7],
        [10, 5],
      ] as const) {
        stored.push(await putSample(suite, { minerHotkey, generation, taskId }, `${generation}/${taskId}`))
      }
      const scope = sampleScopeOf(buildNewSample({ minerHotkey }))
      for (const [from, to, ids] of [
        [0, 0, [5]],
        [1, 1, [5, 300]],
        [0, 2, [5, 7, 300]],
        [1, 10, [5, 7, 300]],
        [3, 9, []],
        [2, 999_999, [5, 7]],
      ] as const) {
        const range = { fromGeneration: from, toGeneration: to }
        const { items } = await suite.repository.list({ scope, ...range, limit: 100 })
        expect(items).toStrictEqual(stored.filter(({ generation: g }) => from <= g && g <= to))
        expect(await suite.repository.listPresentTaskIds({ scope, ...range })).toStrictEqual(ids)
      }
    })

    it('pages and streams in the order of generation and task id, without gaps or doubles', async () => {
      const base = { minerHotkey: suite.newMiner() }
      const ids = [0, 2, 9, 10, 11, 99, 100, 101, 1000, LAST_TASK_ID]
      const shuffled = ids
        .toReversed()
        .flatMap((taskId) => [
          buildPutSample({ ...base, taskId, generation: 2 }),
          buildPutSample({ ...base, taskId, generation: 1 }),
        ])
      await suite.repository.putBatch({ samples: shuffled })
      const scope = sampleScopeOf(buildNewSample(base))
      const expected = [1, 2].flatMap((generation) => ids.map((taskId) => [generation, taskId]))
      const streamed: Sample[] = []
      for await (const sample of suite.repository.stream({ scope, ...allGenerations })) streamed.push(sample)
      expect(streamed.map(({ generation, taskId }) => [generation, taskId])).toStrictEqual(expected)
      const paged = await readPages((page) => suite.repository.list({ scope, ...allGenerations, ...page }), 3)
      expect(paged).toStrictEqual(streamed)
    })

    it('lists present ids ascending at the edges of their groups', async () => {
      const base = { minerHotkey: suite.newMiner() }
      const ids = [0, 255, 256, 511, 512, 10_000, 2 ** 32, LAST_TASK_ID - 1, LAST_TASK_ID]
      await suite.repository.putBatch({
        samples: ids.toReversed().map((taskId) => buildPutSample({ ...base, taskId })),
      })
      expect(await presentIds(suite, buildNewSample(base))).toStrictEqual(ids)
      await suite.repository.remove({
        keys: [0, 511, LAST_TASK_ID].map((taskId) => sampleKeyOf(buildNewSample({ ...base, taskId }))),
      })
      expect(await presentIds(suite, buildNewSample(base))).toStrictEqual([
        255,
        256,
        512,
        10_000,
        2 ** 32,
        LAST_TASK_ID - 1,
      ])
    })
  })

  describe('scopes', () => {
    it('are listed with their generations in pages, without those that were emptied', async () => {
      const minerHotkey = suite.newMiner()
      const samples: PutSampleParams[] = []
      for (const modelRevision of ['a', 'a.b', 'b']) {
        for (const environment of ['x', 'x#y', 'z']) {
          for (const generation of [0, 1, 12]) {
            for (const taskId of [1, 300, 90_000]) {
              samples.push(buildPutSample({ minerHotkey, modelRevision, environment, generation, taskId }))
            }
          }
        }
      }
      await suite.repository.putBatch({ samples })
      await putSample(suite, { minerHotkey: `${minerHotkey}0` })
      const whole = await readPages((page) => suite.repository.listScopes({ minerHotkey, ...page }), 1000)
      expect(whole).toHaveLength(27)
      const distinct = new Set(
        samples.map(({ sample }) => JSON.stringify([sampleScopeOf(sample), sample.generation])),
      )
      expect(
        new Set(whole.map(({ scope, generation }) => JSON.stringify([scope, generation]))),
      ).toStrictEqual(distinct)
      for (const limit of [1, 2, 26, 27]) {
        expect(
          await readPages((page) => suite.repository.listScopes({ minerHotkey, ...page }), limit),
        ).toStrictEqual(whole)
      }
      const gone = samples.filter(({ sample }) => sample.environment === 'x#y' && sample.generation !== 1)
      await suite.repository.remove({ keys: gone.map(({ sample }) => sampleKeyOf(sample)) })
      await suite.repository.remove({
        keys: [
          sampleKeyOf(
            buildNewSample({ minerHotkey, modelRevision: 'a', environment: 'x', generation: 0, taskId: 1 }),
          ),
        ],
      })
      const left = await readPages((page) => suite.repository.listScopes({ minerHotkey, ...page }), 2)
      expect(left).toStrictEqual(
        whole.filter(({ scope, generation }) => scope.environment !== 'x#y' || generation === 1),
      )
    })

    it('are those of many ids, each once', async () => {
      const minerHotkey = suite.newMiner()
      const samples = Array.from({ length: 120 }, (_, index) =>
        buildPutSample({ minerHotkey, taskId: index * 256 }),
      )
      await suite.repository.putBatch({
        samples: [...samples, buildPutSample({ minerHotkey, environment: 'last' })],
      })
      const scopes = await readPages((page) => suite.repository.listScopes({ minerHotkey, ...page }), 1)
      expect(scopes.map(({ scope }) => scope.environment)).toStrictEqual(['affine:ded', 'last'])
    })
  })
}
