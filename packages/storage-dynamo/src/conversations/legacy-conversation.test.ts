import { gzipSync } from 'node:zlib'

import { describe, expect, it } from 'vitest'

import { readLegacyConversation } from './legacy-conversation.ts'

const read = async (json: string): ReturnType<typeof readLegacyConversation> =>
  readLegacyConversation(gzipSync(json, { level: 9 }))

describe('readLegacyConversation', () => {
  it('reads a bare list of messages', async () => {
    expect(
      await read(
        '[{"role": "user", "content": "caf\\u00e9 \\ud83d\\ude00"}, {"role":"assistant","content":null}]',
      ),
    ).toEqual({
      messages: [
        { role: 'user', content: 'café 😀' },
        { role: 'assistant', content: null },
      ],
      details: {},
    })
  })

  it('reads the whole extra object, with the spacing of Python', async () => {
    expect(
      await read(
        '{"conversation": [{"role": "user", "content": "a"}], "usage": null, "seed": 42, "request": {"task_id": 7}}',
      ),
    ).toEqual({
      messages: [{ role: 'user', content: 'a' }],
      details: { usage: null, seed: 42, request: { task_id: 7 } },
    })
  })

  it('keeps what the model of a message has no place for', async () => {
    expect(
      await read(
        '{"conversation":[{"role":"user","content":"a"},{"role":"tool","content":[{"text":"b"}],"reward":0.5},{"content":"c"},"d"],"messageFields":1}',
      ),
    ).toEqual({
      messages: [
        { role: 'user', content: 'a' },
        { role: 'tool', content: null },
        { role: 'unknown', content: 'c' },
        { role: 'unknown', content: 'd' },
      ],
      details: { messageFields: 1, messageFields_: { '1': { content: [{ text: 'b' }], reward: 0.5 } } },
    })
  })

  it('reads extras without a conversation, and empty lists', async () => {
    expect(await read('{"error":"timeout"}')).toEqual({ messages: [], details: { error: 'timeout' } })
    expect(await read('[]')).toEqual({ messages: [], details: {} })
  })

  it('turns the numbers that JSON does not have into texts, and leaves texts alone', async () => {
    const { details } = await read('{"a":NaN,"b":[-Infinity, 1],"c":"NaN \\" Infinity"}')
    expect(details).toEqual({ a: 'NaN', b: ['-Infinity', 1], c: 'NaN " Infinity' })
  })

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['gzip of nothing', gzipSync('')],
    ['no gzip', Buffer.from('[{"role":"user","content":"a"}]')],
    ['cut gzip', gzipSync('[{"role":"user","content":"aaaaaaaaaaaaa"}]').subarray(0, 30)],
    ['cut JSON', gzipSync('[{"role":"user",')],
    ['a number', gzipSync('42')],
    ['null', gzipSync('null')],
    ['a conversation that is no list', gzipSync('{"conversation":"x"}')],
    ['a message that is a number', gzipSync('[1]')],
    ['broken UTF-8', gzipSync(Buffer.from([0x22, 0xff, 0x22]))],
    ['a bomb', gzipSync(Buffer.alloc(2_000_000, ' '))],
  ])('refuses %s', async (_name, packed) => {
    await expect(readLegacyConversation(packed, 1_000_000)).rejects.toMatchObject({
      name: 'StorageError',
      code: 'corrupt_row',
    })
  })
})
