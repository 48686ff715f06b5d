import { describe, expect, it } from 'vitest'

import type { Conversation } from '../models/conversation.ts'
import type { NewSample } from '../models/sample.ts'
import { sampleIdOf } from '../rules/sample-id.ts'
import { nastyInstants, nastyTexts } from './nasty-values.ts'
import {
  buildConversation,
  buildNewSample,
  buildPutSample,
  sampleKeyOf,
  sampleScopeOf,
} from './sample-builders.ts'
import {
  allGenerations,
  idsOf,
  LAST_TASK_ID,
  presentIds,
  putSample,
  type SampleSuite,
} from './sample-suite.ts'

/** What every way of storing and removing samples must hold. */
export function sampleWritingContract(suite: SampleSuite): void {
  describe('values', () => {
    const edges: readonly (readonly [string, Partial<NewSample>])[] = [
      ['task id 0', { taskId: 0 }],
      ['the last task id', { taskId: LAST_TASK_ID }],
      ['generation 0', { generation: 0 }],
      ['the last generation', { generation: 999_999 }],
      ['nulls', { uid: null, signature: null }],
      ['uid 0 and block 0', { uid: 0, blockNumber: 0, latencyMs: 0, datasetIndex: 0, success: false }],
      [
        'the largest numbers',
        {
          uid: 65_535,
          blockNumber: LAST_TASK_ID,
          latencyMs: Number.MAX_SAFE_INTEGER,
          datasetIndex: Number.MAX_SAFE_INTEGER,
        },
      ],
      ...[0.1, 1e-7, -0, 0, 1, 1 / 3, 5e-324, 1_000_000, -1_000_000].map(
        (score) => [`score ${Object.is(score, -0) ? '-0' : score}`, { score }] as const,
      ),
      ...nastyInstants.map((takenAt) => [`time ${takenAt.toISOString()}`, { takenAt }] as const),
      ...nastyTexts
        .filter((text) => text !== '')
        .map((text) => [`text ${JSON.stringify(text)}`, { modelName: text, subset: text }] as const),
      ['the longest texts', { modelName: 'é'.repeat(256), subset: 'x'.repeat(128) }],
    ]
    it.each(edges)('keeps %s exactly', async (_name, fields) => {
      const params = buildPutSample({ minerHotkey: suite.newMiner(), ...fields })
      const { outcome, sample } = await suite.repository.put(params)
      const { sampleId, conversationSha256, conversationBytes, ...rest } = sample
      expect({ outcome, ...rest }).toStrictEqual({ outcome: 'stored', ...params.sample })
      expect(sampleId).toBe(sampleIdOf({ key: params.sample, conversationSha256 }))
      expect(conversationBytes).toBeGreaterThan(0)
      const key = sampleKeyOf(sample)
      expect(await suite.repository.find({ key })).toStrictEqual(sample)
      expect(await suite.repository.findConversation({ key })).toStrictEqual(params.conversation)
      expect(await presentIds(suite, sample)).toStrictEqual([sample.taskId])
    })

    const conversations: readonly (readonly [string, Conversation])[] = [
      ['nothing', { messages: [], details: {} }],
      ['null', { messages: [{ role: 'assistant', content: null }], details: { finish: null } }],
      [
        'nasty texts',
        {
          messages: nastyTexts.map((content) => ({ role: `role of ${content.slice(0, 8)}`, content })),
          details: Object.fromEntries(nastyTexts.map((text) => [text, [text, { [text]: text }]])),
        },
      ],
      ['numbers', { messages: [], details: { n: [0.1, 1e300, 5e-324, 9_007_199_254_740_991] } }],
      ['2 MB', buildConversation('0123456789abcdef'.repeat(131_072))],
    ]
    it.each(conversations)('keeps a conversation of %s', async (_name, conversation) => {
      for (const sharedPrompt of [null, 'What is 6 × 7?'.repeat(20), 'something else']) {
        const sample = buildNewSample({ minerHotkey: suite.newMiner() })
        await suite.repository.put({ sample, conversation, sharedPrompt })
        const key = sampleKeyOf(sample)
        expect(await suite.repository.findConversation({ key })).toStrictEqual(conversation)
      }
    })
  })

  describe('put', () => {
    it('stores the same sample once', async () => {
      const params = buildPutSample({ minerHotkey: suite.newMiner() })
      const first = await suite.repository.put(params)
      expect(await suite.repository.put(params)).toStrictEqual({ outcome: 'present', sample: first.sample })
      const { items } = await suite.repository.list({
        scope: sampleScopeOf(params.sample),
        ...allGenerations,
        limit: 10,
      })
      expect(items).toStrictEqual([first.sample])
    })

    it('lets the first one win for ever, conversation included', async () => {
      const params = buildPutSample({ minerHotkey: suite.newMiner() }, 'first')
      const { sample } = await suite.repository.put(params)
      const others = [
        buildPutSample({ ...params.sample, score: 1 }, 'first'),
        buildPutSample({ ...params.sample, score: 0, takenAt: new Date(0) }, 'second'),
        buildPutSample({ ...params.sample, validatorHotkey: 'another' }, 'third'),
      ]
      for (const other of others) {
        expect(await suite.repository.put(other)).toStrictEqual({ outcome: 'present', sample })
      }
      expect(await suite.repository.findConversation({ key: sampleKeyOf(sample) })).toStrictEqual(
        params.conversation,
      )
    })

    it.each([
      ['different answers', (writer: number) => `answer ${writer}`],
      ['the same answer', () => 'one answer'],
    ])('lets exactly one of 8 racing writers with %s win', async (_name, answerOf) => {
      for (let round = 0; round < 3; round += 1) {
        const base = { minerHotkey: suite.newMiner(), taskId: 256 * round }
        const writes = Array.from({ length: 8 }, (_, writer) =>
          buildPutSample({ ...base, latencyMs: writer }, answerOf(writer)),
        )
        const results = await Promise.all(writes.map((params) => suite.repository.put(params)))
        const [winner, ...others] = results.filter(({ outcome }) => outcome === 'stored')
        expect(others).toStrictEqual([])
        expect(new Set(results.map(({ sample }) => JSON.stringify(sample))).size).toBe(1)
        const sample = winner?.sample ?? buildNewSample(base)
        const key = sampleKeyOf(sample)
        expect(await suite.repository.find({ key })).toStrictEqual(sample)
        expect(await suite.repository.findConversation({ key })).toStrictEqual(
          writes.find((write) => write.sample.latencyMs === sample.latencyMs)?.conversation,
        )
        expect(await presentIds(suite, sample)).toStrictEqual([sample.taskId])
      }
    })
  })

  describe('put in batches', () => {
    it.each([0, 1, 26, 101])('stores %d, and nothing the second time', async (count) => {
      const base = { minerHotkey: suite.newMiner(), generation: 0 }
      const samples = Array.from({ length: count }, (_, index) =>
        buildPutSample({ ...base, taskId: index * 7 }),
      )
      expect(await suite.repository.putBatch({ samples })).toStrictEqual({ stored: count, present: 0 })
      expect(await suite.repository.putBatch({ samples })).toStrictEqual({ stored: 0, present: count })
      const scope = sampleScopeOf(buildNewSample(base))
      const { items } = await suite.repository.list({ scope, ...allGenerations, limit: 1000 })
      expect(
        items.map(({ sampleId: _id, conversationSha256: _hash, conversationBytes: _bytes, ...rest }) => rest),
      ).toStrictEqual(samples.map(({ sample }) => sample))
      expect(await presentIds(suite, buildNewSample(base))).toStrictEqual(
        idsOf(samples.map(({ sample }) => sample)),
      )
      for (const { sample, conversation } of samples.slice(-1)) {
        expect(await suite.repository.findConversation({ key: sampleKeyOf(sample) })).toStrictEqual(
          conversation,
        )
      }
    })

    it('gives what a put gives', async () => {
      const [one, other] = [suite.newMiner(), suite.newMiner()].map((minerHotkey) =>
        buildPutSample({ minerHotkey }),
      )
      if (one === undefined || other === undefined) return expect.unreachable()
      const { sample } = await suite.repository.put(one)
      await suite.repository.putBatch({ samples: [other] })
      const found = await suite.repository.find({ key: sampleKeyOf(other.sample) })
      const { minerHotkey } = other.sample
      const sampleId = sampleIdOf({ key: other.sample, conversationSha256: sample.conversationSha256 })
      return expect(found).toStrictEqual({ ...sample, minerHotkey, sampleId })
    })

    it('leaves taken keys alone, and takes the first of equal ones', async () => {
      const base = { minerHotkey: suite.newMiner(), generation: 0 }
      const taken = await putSample(suite, { ...base, taskId: 1 }, 'taken')
      const samples = [
        buildPutSample({ ...base, taskId: 1 }, 'too late'),
        buildPutSample({ ...base, taskId: 2 }, 'first'),
        buildPutSample({ ...base, taskId: 2 }, 'second'),
        buildPutSample({ ...base, taskId: 2, environment: 'other' }, 'elsewhere'),
      ]
      expect(await suite.repository.putBatch({ samples })).toStrictEqual({ stored: 2, present: 2 })
      expect(await suite.repository.find({ key: sampleKeyOf(taken) })).toStrictEqual(taken)
      const answers = await Promise.all(
        samples.map(({ sample }) => suite.repository.findConversation({ key: sampleKeyOf(sample) })),
      )
      expect(answers.map((one) => one?.messages[1]?.content)).toStrictEqual([
        'taken',
        'first',
        'first',
        'elsewhere',
      ])
    })
  })

  describe('remove', () => {
    it('takes samples, conversations and marks, counts the gone and leaves the rest', async () => {
      const base = { minerHotkey: suite.newMiner() }
      const samples = Array.from({ length: 130 }, (_, taskId) => buildPutSample({ ...base, taskId }))
      await suite.repository.putBatch({ samples })
      const keys = samples.map(({ sample }) => sampleKeyOf(sample))
      const doomed = keys.filter(({ taskId }) => taskId % 10 !== 0)
      const absent = keys.map((key) => ({ ...key, generation: 9 }))
      expect(
        await suite.repository.remove({ keys: [...doomed, ...absent.slice(0, 5), ...doomed.slice(0, 3)] }),
      ).toStrictEqual({
        removed: doomed.length,
      })
      expect(await suite.repository.remove({ keys: doomed })).toStrictEqual({ removed: 0 })
      const kept = keys.filter(({ taskId }) => taskId % 10 === 0)
      expect(await presentIds(suite, buildNewSample(base))).toStrictEqual(idsOf(kept))
      const { items } = await suite.repository.list({
        scope: sampleScopeOf(buildNewSample(base)),
        ...allGenerations,
        limit: 1000,
      })
      expect(idsOf(items)).toStrictEqual(idsOf(kept))
      for (const [key, isThere] of [
        [keys[1], false],
        [keys[10], true],
      ] as const) {
        if (key === undefined) return expect.unreachable()
        expect((await suite.repository.findConversation({ key })) !== null).toBe(isThere)
      }
      return expect(await suite.repository.remove({ keys: [] })).toStrictEqual({ removed: 0 })
    })

    it('takes a stream of keys, and frees them', async () => {
      const first = await putSample(suite, { minerHotkey: suite.newMiner() }, 'old')
      const keys = (async function* () {
        yield await Promise.resolve(sampleKeyOf(first))
      })()
      expect(await suite.repository.remove({ keys })).toStrictEqual({ removed: 1 })
      const again = await suite.repository.put(buildPutSample({ minerHotkey: first.minerHotkey }, 'new'))
      expect(again.outcome).toBe('stored')
      const found = await suite.repository.findConversation({ key: sampleKeyOf(first) })
      expect(found).toStrictEqual(buildConversation('new'))
      expect(await presentIds(suite, first)).toStrictEqual([first.taskId])
    })

    it('counts each sample for one of two removals at the same time', async () => {
      const base = { minerHotkey: suite.newMiner() }
      const samples = Array.from({ length: 30 }, (_, taskId) => buildPutSample({ ...base, taskId }))
      await suite.repository.putBatch({ samples })
      const keys = samples.map(({ sample }) => sampleKeyOf(sample))
      const counts = await Promise.all([1, 2, 3].map(() => suite.repository.remove({ keys })))
      expect(counts.reduce((total, { removed }) => total + removed, 0)).toBe(30)
    })
  })
}
