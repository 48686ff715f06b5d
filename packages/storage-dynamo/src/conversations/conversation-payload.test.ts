import { randomFillSync } from 'node:crypto'

import type { Conversation } from '@subnetkit/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

import { buildDictionary } from './build-dictionary.ts'
import { availableCompressions, compressionOf, compressionTags } from './compression.ts'
import { fromConversationContent, toConversationContent } from './conversation-content.ts'
import { packConversation, unpackConversation, type ConversationPayload } from './conversation-payload.ts'
import { createDictionary, joinDictionaries, promptDictionary, type Dictionary } from './dictionary.ts'

const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), fc.constant('\ud83d'))
const conversations: fc.Arbitrary<Conversation> = fc.record({
  messages: fc.array(
    fc.record({
      role: fc.constantFrom('system', 'user', 'assistant', 'tool'),
      content: fc.option(text, { nil: null }),
    }),
  ),
  details: fc.dictionary(
    text,
    // -0 is the one JSON number that comes back as another: 0.
    fc
      .jsonValue({ stringUnit: 'grapheme' })
      .map((value) => z.json().parse(JSON.parse(JSON.stringify(value)))),
  ),
})

const prompt = promptDictionary('Solve the puzzle step by step:\n"A says B lies", and so on.\n'.repeat(20))
const general = createDictionary(Buffer.from('{"role":"assistant","content":"The answer is '.repeat(2000)))
const known = new Map([prompt, general].filter((one) => one !== null).map((one) => [one.id, one]))

const getDictionary = async (id: string): Promise<Dictionary> => {
  const found = known.get(id)
  return found === undefined ? Promise.reject(new Error(`no dictionary ${id}`)) : Promise.resolve(found)
}

const dialogue = (content: string): Conversation => ({
  messages: [
    { role: 'user', content: 'Solve the puzzle step by step' },
    { role: 'assistant', content },
  ],
  details: { seed: 1 },
})

/** Text that gzip saves about 60 % of. */
function wordy(words: number): string {
  return Array.from({ length: words }, (_, index) => `word${(index * 7919) % 1009}`).join(' ')
}

async function packed(content: string): Promise<ConversationPayload> {
  return packConversation({ content: toConversationContent(dialogue(content)), general, prompt })
}

describe('a packed conversation', () => {
  it.each([
    ['no dictionary', null, null],
    ['a general dictionary', general, null],
    ['a prompt', null, prompt],
    ['both', general, prompt],
  ])('comes back exactly, with %s', async (_name, withGeneral, withPrompt) => {
    await fc.assert(
      fc.asyncProperty(conversations, async (conversation) => {
        const content = toConversationContent(conversation)
        const payload = await packConversation({ content, general: withGeneral, prompt: withPrompt })
        expect(payload.bytes.byteLength).toBeLessThanOrEqual(content.bytes.byteLength)
        const bytes = await unpackConversation({ payload, getDictionary })
        expect(Buffer.compare(bytes, content.bytes)).toBe(0)
        expect(fromConversationContent(bytes)).toEqual(conversation)
        expect(toConversationContent(fromConversationContent(bytes)).sha256).toBe(content.sha256)
      }),
      { numRuns: 60 },
    )
  })

  it('comes back exactly from every compression that this Node has, with and without a dictionary', async () => {
    const compressions = await availableCompressions()
    const noise = randomFillSync(Buffer.alloc(5_000))
    for (const compression of compressions) {
      for (const bytes of [Buffer.from('x'), Buffer.from(wordy(3_000)), noise]) {
        for (const dictionaries of compression.windowBytes === 0 ? [[]] : [[], [general]]) {
          const dictionary = joinDictionaries(dictionaries, compression.windowBytes)
          const stored = await compression.pack(bytes, dictionary)
          expect(Buffer.compare(stored, await compression.pack(bytes, dictionary))).toBe(0)
          const back = await compression.unpack(stored, dictionary, bytes.byteLength)
          expect(Buffer.compare(back, bytes)).toBe(0)
        }
      }
    }
    expect(compressions.map(({ tag }) => tag)).toEqual(
      expect.arrayContaining(['deflate-raw', 'brotli', 'gzip', 'raw']),
    )
  })

  it('is smaller with the prompt that it repeats, and names the dictionaries that it needs', async () => {
    const content = toConversationContent(dialogue(`${'A says B lies'.repeat(3)} ${wordy(100)}`))
    const alone = await packConversation({ content, general: null, prompt: null })
    const shared = await packConversation({ content, general: null, prompt })
    expect(shared.bytes.byteLength).toBeLessThan(alone.bytes.byteLength)
    expect(shared).toMatchObject({ dictionaryIds: [prompt?.id], dictionaryBytes: prompt?.bytes.byteLength })
    expect(alone).toMatchObject({ dictionaryIds: [], dictionaryBytes: 0 })
    await expect(
      unpackConversation({ payload: { ...shared, dictionaryIds: ['missing'] }, getDictionary }),
    ).rejects.toThrow('no dictionary missing')
  })

  it('packs long ones, and ones that nothing can shrink', async () => {
    const long = toConversationContent(dialogue(wordy(60_000)))
    const payload = await packConversation({ content: long, general, prompt })
    expect(payload.bytes.byteLength).toBeLessThan(long.bytes.byteLength / 2)
    expect(Buffer.compare(await unpackConversation({ payload, getDictionary }), long.bytes)).toBe(0)

    const tiny = toConversationContent({ messages: [], details: {} })
    expect(await packConversation({ content: tiny, general: null, prompt: null })).toMatchObject({
      compression: 'raw',
      contentBytes: 28,
    })
  })
})

describe('a reader', () => {
  const corrupt = { name: 'StorageError', code: 'corrupt_row' }

  it('refuses a payload whose bytes, length, hash or dictionary are not what was stored', async () => {
    const payload = await packed(wordy(500))
    const other = await packed(wordy(501))
    const broken = Buffer.from(payload.bytes)
    broken[broken.length >> 1] = (broken[broken.length >> 1] ?? 0) ^ 0xff
    const wrong: Partial<ConversationPayload>[] = [
      { bytes: broken },
      { bytes: payload.bytes.subarray(0, payload.bytes.byteLength - 3) },
      { bytes: new Uint8Array(0) },
      { bytes: other.bytes },
      { contentBytes: payload.contentBytes + 1 },
      { contentBytes: payload.contentBytes - 1 },
      { contentSha256: other.contentSha256 },
      { dictionaryIds: [general.id], dictionaryBytes: 100 },
      { compression: 'raw' },
    ]
    for (const change of wrong) {
      await expect(
        unpackConversation({ payload: { ...payload, ...change }, getDictionary }),
      ).rejects.toMatchObject(corrupt)
    }
  })

  it('unpacks no more than a payload says, and refuses one that says too much', async () => {
    const bomb = Buffer.alloc(32 * 1024 * 1024)
    for (const compression of await availableCompressions()) {
      const bytes = await compression.pack(bomb, new Uint8Array(0))
      const payload = { ...(await packed('x')), compression: compression.tag, bytes, contentBytes: 1_000 }
      const before = process.memoryUsage().arrayBuffers
      await expect(unpackConversation({ payload, getDictionary })).rejects.toMatchObject(corrupt)
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024)
      await expect(
        unpackConversation({
          payload: { ...payload, contentBytes: bomb.byteLength },
          getDictionary,
          maxContentBytes: 1_000_000,
        }),
      ).rejects.toThrow(/says it holds 33554432 bytes.*raise maxConversationBytes/)
    }
  })

  it('says which Node reads what this one cannot', async () => {
    const available = new Set((await availableCompressions()).map(({ tag }) => tag))
    const missing = compressionTags.filter((tag) => !available.has(tag))
    expect(missing).toEqual('zstdCompress' in (await import('node:zlib')) ? [] : ['zstd'])
    for (const tag of missing) {
      await expect(compressionOf(tag)).rejects.toThrow(
        /packed with zstd, which Node 20.* cannot read; read it with Node 24/,
      )
    }
  })
})

describe('content', () => {
  it('has one form, whatever the order of its members', () => {
    const a = toConversationContent({ messages: [{ role: 'user', content: 'é' }], details: { b: 1, a: 2 } })
    const b = toConversationContent({ details: { a: 2, b: 1 }, messages: [{ content: 'é', role: 'user' }] })
    expect(Buffer.from(a.bytes).toString()).toBe(
      '{"details":{"a":2,"b":1},"messages":[{"content":"é","role":"user"}]}',
    )
    expect(b.sha256).toBe(a.sha256)
  })

  it('keeps a member named __proto__', () => {
    const details: Conversation['details'] = JSON.parse('{"__proto__":{"x":1}}')
    const back = fromConversationContent(toConversationContent({ messages: [], details }).bytes)
    expect(Object.keys(back.details)).toEqual(['__proto__'])
  })

  it.each([
    [
      'a role that is empty',
      { messages: [{ role: '', content: null }], details: {} },
      'conversation.messages.0.role',
    ],
    ['an unknown field', Object.assign({ messages: [], details: {} }, { more: 1 }), 'conversation'],
    ['NaN', { messages: [], details: { a: [Number.NaN] } }, '$.details.a[0]'],
  ])('refuses %s', (_name, value, path) => {
    expect(() => toConversationContent(value)).toThrow(
      expect.objectContaining({ code: 'invalid_input', details: { path } }),
    )
  })

  it('refuses more than the limit, with the way out', () => {
    expect(() => toConversationContent(dialogue('x'.repeat(1000)), 1000)).toThrow(
      /bytes exceed the limit of 1000; shorten it, or raise maxConversationBytes/,
    )
  })

  it.each([['nonsense'], ['[]'], ['{"messages":[]}'], ['null']])('reads nothing from %s', (json) => {
    expect(() => fromConversationContent(Buffer.from(json))).toThrow(
      expect.objectContaining({ code: 'corrupt_row' }),
    )
  })
})

describe('buildDictionary', () => {
  const samples = Array.from({ length: 40 }, (_, index) =>
    Buffer.from(
      `${wordy(50 + index)} only ${index} ${'The final answer, after checking each case, is '}${index}`,
    ),
  )

  it('is the same for the same samples, within the limit, and made of what they share', () => {
    const first = buildDictionary({ samples, maxBytes: 1024 })
    expect(first).toEqual(buildDictionary({ samples, maxBytes: 1024 }))
    expect(first?.bytes.byteLength).toBeLessThanOrEqual(1024)
    expect(Buffer.from(first?.bytes ?? []).toString()).toContain('after checking each case')
  })

  it('finds nothing where nothing is shared', () => {
    expect(buildDictionary({ samples: [] })).toBeNull()
    expect(buildDictionary({ samples: [Buffer.from('short')] })).toBeNull()
    expect(buildDictionary({ samples: [Buffer.from(wordy(1000))] })).toBeNull()
    const noise = [1, 2, 3].map(() => randomFillSync(Buffer.alloc(50)))
    expect(buildDictionary({ samples: noise })).toBeNull()
  })

  it.each([[0], [1023], [2 ** 20 + 1], [Number.NaN], [2000.5]])('refuses a size of %s', (maxBytes) => {
    expect(() => buildDictionary({ samples, maxBytes })).toThrow(/is not within 1024–1048576/)
  })
})
