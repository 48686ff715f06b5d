import { describe, expect, it } from 'vitest'

import { readLegacyResult } from './legacy-result.ts'
import { legacySignedText } from './legacy-signature.ts'
import type { ShardName } from './shard-name.ts'

const shard: ShardName = {
  key: 'affine/results/004512340-5Val.json',
  window: 4_512_340,
  validatorHotkey: '5Val',
}

const flat = {
  version: '1.0.0',
  signature: '0xABCDEF',
  hotkey: '5Val',
  miner: { uid: 7, hotkey: '5Miner', model: 'org/affine-x', revision: 'abc', block: 4_000_000, slug: 'x' },
  env: 'affine:ded-v2',
  score: 0.5,
  latency_seconds: 1.2345,
  success: true,
  error: null,
  task_id: 12,
  extra: {
    conversation: [
      { role: 'user', content: 'Solve it.' },
      { role: 'assistant', content: null },
    ],
    usage: { prompt_tokens: 3 },
    request: { task_id: 99, seed: 1 },
  },
  timestamp: 1_763_000_000.1239,
}

describe('readLegacyResult', () => {
  it('reads a flat result, dropping nothing of it', () => {
    const legacy = readLegacyResult(flat, shard)
    expect(legacy).toStrictEqual({
      isNested: false,
      put: {
        sample: {
          minerHotkey: '5Miner',
          modelRevision: 'abc',
          environment: 'affine:ded-v2',
          generation: 0,
          taskId: 12,
          uid: 7,
          modelName: 'org/affine-x',
          modelHash: 'unknown',
          subset: 'unknown',
          datasetIndex: 0,
          score: 0.5,
          success: true,
          latencyMs: 1_234,
          takenAt: new Date('2025-11-13T02:13:20.123Z'),
          validatorHotkey: '5Val',
          blockNumber: 4_512_340,
          signature: 'abcdef',
        },
        conversation: {
          messages: flat.extra.conversation,
          details: { usage: flat.extra.usage, request: flat.extra.request, miner: flat.miner },
        },
        sharedPrompt: 'Solve it.',
      },
    })
  })

  it('reads the nested shape, whose signatures nobody checked', () => {
    const { env, score, latency_seconds, success, extra, timestamp, task_id, ...rest } = flat
    const nested = {
      ...rest,
      challenge: { env, extra: { task_id: '12', seed: 5 }, timestamp: timestamp - 3 },
      response: { latency_seconds, success, error: 'late', timestamp },
      evaluation: { score, extra },
    }
    const legacy = readLegacyResult(nested, shard)
    expect(task_id).toBe(legacy?.put.sample.taskId)
    expect(legacy).toMatchObject({
      isNested: true,
      put: {
        sample: { environment: env, score, signature: null, takenAt: new Date('2025-11-13T02:13:20.123Z') },
        conversation: { details: { seed: 5, error: 'late' } },
      },
    })
  })

  it.each([
    [{ task_id: null }, 99],
    [{ task_id: '007' }, 7],
    [{ task_id: 1.5 }, 99],
    [{ task_id: 'legacy', extra: {} }, null],
    [{ task_id: undefined, extra: { task_id: 3 } }, 3],
    [{ task_id: -1, extra: null }, null],
  ])('with %j finds the task %j', (change, taskId) => {
    expect(readLegacyResult({ ...flat, ...change }, shard)?.put.sample.taskId ?? null).toBe(taskId)
  })

  it('finds the task of a row without the field', () => {
    const { task_id, ...without } = flat
    expect(task_id).toBe(12)
    expect(readLegacyResult(without, shard)?.put.sample.taskId).toBe(99)
  })

  it('keeps what a message has beside role and content, in the details', () => {
    const conversation = [{ role: 'user', content: 'a', reward: 0.5 }]
    const legacy = readLegacyResult({ ...flat, extra: { conversation } }, shard)
    expect(legacy?.put.conversation).toMatchObject({
      messages: [{ role: 'user', content: 'a' }],
      details: { messageFields: { '0': { reward: 0.5 } } },
    })
  })

  it('refuses a conversation that is none', () => {
    expect(() => readLegacyResult({ ...flat, extra: { conversation: 'none' } }, shard)).toThrow(/no list/)
  })

  it.each([
    [{ score: 'high' }, /row: score: "high"/],
    [{ hotkey: '5 Val' }, /validatorHotkey/],
    [{ miner: { ...flat.miner, hotkey: '../x' } }, /minerHotkey/],
    [{ env: 'two words' }, /environment/],
    [{ timestamp: 'soon' }, /timestamp/],
    [{ timestamp: 1e300 }, /takenAt/],
    [{ signature: 'not hex' }, /signature/],
    [{ miner: { ...flat.miner, uid: 70_000 } }, /uid/],
  ])('refuses %j and names the field', (change, message) => {
    expect(() => readLegacyResult({ ...flat, ...change }, shard)).toThrow(message)
  })

  it.each([null, 1, 'text', [], [{}]])('refuses the row %j', (row) => {
    expect(() => readLegacyResult(row, shard)).toThrow(/row/)
  })
})

describe('legacySignedText', () => {
  it('joins the fields as they were signed: sorted, spaced and with the digits that were written', () => {
    const row =
      '{"env":"sat","score":1.0,"latency_seconds":0.0078125,"timestamp":1763000000.9,' +
      '"miner":{"uid":7,"hotkey":"5M","block":1},"extra":{"b":1e-07,"a":"é"},"signature":"ab"}'
    expect(legacySignedText(row)).toBe(
      'sat:{"block": 1, "hotkey": "5M", "uid": 7}:1.000000:0.007812:1763000000:{"a": "\\u00e9", "b": 1e-07}',
    )
  })

  it.each(['{}', '1', 'null', '{"env":"sat","score":1,"latency_seconds":1,"timestamp":1,"miner":{}}'])(
    'gives nothing for %s',
    (row) => {
      expect(legacySignedText(row)).toBeNull()
    },
  )
})
