import { describe, expect, it } from 'vitest'

import type { NewSample, SampleKey } from '../models/sample.ts'
import { buildNewSample, buildPutSample, sampleKeyOf, sampleScopeOf } from './sample-builders.ts'
import { allGenerations, expectInvalid, LAST_TASK_ID, putSample, type SampleSuite } from './sample-suite.ts'

/** What must be refused, or end when it is told to, with nothing stored. */
export function sampleRefusalContract(suite: SampleSuite): void {
  describe('bad input', () => {
    const bad: readonly (readonly [string, Partial<NewSample>])[] = [
      ['an empty hotkey', { minerHotkey: '' }],
      ['a hotkey with a separator', { minerHotkey: 'a#REV' }],
      ['a revision with a space', { modelRevision: 'a b' }],
      ['an environment with a space', { environment: 'a b' }],
      ['an environment in Greek', { environment: 'αβγ' }],
      ['an empty environment', { environment: '' }],
      ['a negative task id', { taskId: -1 }],
      ['half a task id', { taskId: 0.5 }],
      ['a task id of 13 digits', { taskId: LAST_TASK_ID + 1 }],
      ['a generation of 7 digits', { generation: 1_000_000 }],
      ['NaN as score', { score: Number.NaN }],
      ['a score of a million and one', { score: 1_000_001 }],
      ['uid 65,536', { uid: 65_536 }],
      ['a model name of half a megabyte', { modelName: 'x'.repeat(500_000) }],
      ['no model name', { modelName: '' }],
      ['half of a surrogate pair', { modelName: '\ud800' }],
      ['a time that is none', { takenAt: new Date(Number.NaN) }],
      ['a signature in upper case', { signature: 'AB' }],
      ['half a millisecond', { latencyMs: 0.5 }],
    ]
    it.each(bad)('refuses %s and stores nothing', async (_name, fields) => {
      const minerHotkey = suite.newMiner()
      const params = buildPutSample({ minerHotkey, ...fields })
      await expectInvalid(suite.repository.put(params))
      await expectInvalid(suite.repository.putBatch({ samples: [params] }))
      expect((await suite.repository.listScopes({ minerHotkey, limit: 9 })).items).toStrictEqual([])
    })

    const badKey = (fields: Partial<NewSample>): SampleKey => sampleKeyOf(buildNewSample(fields))
    it.each(bad.slice(0, 10))('refuses %s in a question', async (_name, fields) => {
      const key = badKey(fields)
      await expectInvalid(suite.repository.find({ key }))
      await expectInvalid(suite.repository.findConversation({ key }))
      await expectInvalid(suite.repository.remove({ keys: [key] }))
    })

    it('refuses scopes, generations, limits and cursors that cannot be', async () => {
      const scope = sampleScopeOf(buildNewSample({ minerHotkey: suite.newMiner() }))
      for (const wrong of [
        { scope: { ...scope, environment: 'a b' } },
        { fromGeneration: 2, toGeneration: 1 },
        { fromGeneration: -1 },
        { toGeneration: 1_000_000 },
      ]) {
        const params = { scope, ...allGenerations, ...wrong }
        await expectInvalid(suite.repository.list({ ...params, limit: 5 }))
        await expectInvalid(suite.repository.listPresentTaskIds(params))
        await expectInvalid(firstOf(suite.repository.stream(params)))
      }
      for (const limit of [0, -1, 1.5, 10_001]) {
        await expectInvalid(suite.repository.list({ scope, ...allGenerations, limit }))
        await expectInvalid(suite.repository.listScopes({ minerHotkey: scope.minerHotkey, limit }))
      }
      const cursor = 'bm9uc2Vuc2U'
      await expectInvalid(suite.repository.list({ scope, ...allGenerations, limit: 1, cursor }))
      await expectInvalid(suite.repository.listScopes({ minerHotkey: scope.minerHotkey, limit: 1, cursor }))
    })

    it('refuses the cursor of another scope or miner', async () => {
      const [one, other] = [suite.newMiner(), suite.newMiner()]
      for (const minerHotkey of [one, other]) {
        for (const environment of ['a', 'b']) {
          for (const taskId of [1, 2]) await putSample(suite, { minerHotkey, environment, taskId })
        }
      }
      const scope = { ...sampleScopeOf(buildNewSample()), minerHotkey: one, environment: 'a' }
      const page = await suite.repository.list({ scope, ...allGenerations, limit: 1 })
      const scopes = await suite.repository.listScopes({ minerHotkey: one, limit: 1 })
      expect([page.nextCursor, scopes.nextCursor]).not.toContain(null)
      const wrong = {
        scope: { ...scope, environment: 'b' },
        ...allGenerations,
        limit: 1,
        cursor: page.nextCursor,
      }
      await expectInvalid(suite.repository.list(wrong))
      await expectInvalid(
        suite.repository.listScopes({ minerHotkey: other, limit: 1, cursor: scopes.nextCursor }),
      )
    })
  })

  it('passes the reason of an aborted signal on, unwrapped, and stores nothing', async () => {
    const reason = new Error('enough')
    const aborted = { signal: AbortSignal.abort(reason) }
    const params = buildPutSample({ minerHotkey: suite.newMiner() })
    const key = sampleKeyOf(params.sample)
    const range = { scope: sampleScopeOf(key), ...allGenerations }
    const calls = [
      suite.repository.put(params, aborted),
      suite.repository.putBatch({ samples: [params] }, aborted),
      suite.repository.find({ key }, aborted),
      suite.repository.findConversation({ key }, aborted),
      suite.repository.list({ ...range, limit: 1 }, aborted),
      firstOf(suite.repository.stream(range, aborted)),
      suite.repository.listPresentTaskIds(range, aborted),
      suite.repository.listScopes({ minerHotkey: key.minerHotkey, limit: 1 }, aborted),
      suite.repository.remove({ keys: [key] }, aborted),
    ]
    for (const outcome of await Promise.allSettled(calls)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { message: 'enough' } })
      if (outcome.status === 'rejected') expect(outcome.reason).toBe(reason)
    }
    expect(await suite.repository.find({ key })).toBeNull()
  })
}

async function firstOf<T>(stream: AsyncIterable<T>): Promise<T | null> {
  for await (const item of stream) return item
  return null
}
