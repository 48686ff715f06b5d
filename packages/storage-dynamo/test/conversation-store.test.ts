import { randomFillSync } from 'node:crypto'

import type { Conversation, SampleKey } from '@subnetkit/core'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'

import {
  conversationDictionariesTable,
  ConversationStore,
  deleteItem,
  promptDictionary,
  sampleConversationsTable,
  streamItems,
  type Item,
  type PutConversationParams,
  type TableSpec,
} from '../src/index.ts'
import { describeOnEachEngineInSoak } from './engine.ts'
import { openConnection, type TestConnection } from './open-connection.ts'

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'
const sharedPrompt = 'Decide which of the following statements is a lie, and explain why.\n'.repeat(10)

/** Incompressible text, so that its size is what is stored. */
function noise(bytes: number): string {
  return randomFillSync(Buffer.alloc(Math.ceil((bytes * 3) / 4))).toString('base64')
}

function talk(content: string): Conversation {
  return {
    messages: [
      { role: 'user', content: sharedPrompt },
      { role: 'assistant', content },
    ],
    details: { seed: 1 },
  }
}

describeOnEachEngineInSoak('conversation store', (engine) => {
  let opened: TestConnection
  let store: ConversationStore
  let taskId = 0
  beforeAll(async () => {
    opened = await openConnection(engine, [sampleConversationsTable, conversationDictionariesTable])
  })
  beforeEach(() => {
    store = new ConversationStore(opened.connection)
  })
  afterAll(async () => {
    await opened.close()
  })

  function putOf(conversation: Conversation, environment = 'affine:ded-v2'): PutConversationParams {
    const key: SampleKey = {
      minerHotkey: 'hk',
      modelRevision: 'r1',
      environment,
      generation: 1,
      taskId: ++taskId,
    }
    const content = store.contentOf(conversation)
    return { key, sampleId: content.sha256.slice(0, 32), content, sharedPrompt }
  }
  const find = async (put: PutConversationParams, from = store): Promise<Conversation | null> =>
    from.find({ ...put, contentSha256: put.content.sha256 })
  /** Of what is found: of a large one, a failed test should not print all. */
  async function hashOf(put: PutConversationParams): Promise<string | null> {
    const found = await find(put)
    return found === null ? null : store.contentOf(found).sha256
  }
  async function stored(table: TableSpec, partition: string): Promise<readonly Item[]> {
    const items: Item[] = []
    for await (const item of streamItems({
      connection: opened.connection,
      table,
      partition,
      pageSize: 100,
    })) {
      items.push(item)
    }
    return items
  }

  it('stores once, finds exactly, removes all', async () => {
    const conversation = talk('B lies 😀 \ud83d')
    const put = putOf(conversation)
    expect(await find(put)).toBeNull()
    expect(await store.put(put)).toBe('stored')
    expect(await store.put(put)).toBe('present')
    expect(await find(put, new ConversationStore(opened.connection))).toStrictEqual(conversation)
    await store.remove({ conversations: [put, put] })
    await store.remove({ conversations: [put] })
    expect(await find(put)).toBeNull()
  })

  it('cuts what exceeds an item into parts, and removes them', async () => {
    const conversation = talk(noise(isSoak ? 50_000_000 : 1_500_000))
    const put = putOf(conversation, 'large')
    expect(await store.put(put)).toBe('stored')
    expect(await store.put(put)).toBe('present')
    expect(await hashOf(put)).toBe(put.content.sha256)
    const partition = 'MINER#hk#REV#r1#ENV#large'
    expect((await stored(sampleConversationsTable, partition)).length).toBeGreaterThan(3)
    await store.remove({ conversations: [put] })
    expect(await stored(sampleConversationsTable, partition)).toEqual([])
  }, 300_000)

  it('never replaces a conversation by another one', async () => {
    const first = putOf(talk('first'))
    await store.put(first)
    const second = { ...first, content: store.contentOf(talk('second')) }
    await expect(store.put(second)).rejects.toMatchObject({ code: 'conflict' })
    await expect(find(second)).rejects.toMatchObject({ code: 'corrupt_row' })
    expect(await find(first)).toStrictEqual(talk('first'))
  })

  it('stores the prompt once for all answers, and reads none without it', async () => {
    const puts = Array.from({ length: 8 }, (_, index) => putOf(talk(`answer ${index}`), 'shared'))
    expect(await Promise.all(puts.map(async (put) => store.put(put)))).toEqual(puts.map(() => 'stored'))
    for (const [index, put] of puts.entries()) expect(await find(put)).toStrictEqual(talk(`answer ${index}`))
    const id = promptDictionary(sharedPrompt)?.id ?? ''
    const pk = `DICTIONARY#${id}`
    expect(await stored(conversationDictionariesTable, pk)).toHaveLength(1)
    const heads = await stored(sampleConversationsTable, 'MINER#hk#REV#r1#ENV#shared')
    expect(heads.map((head) => head['dictionaryIds'])).toEqual(puts.map(() => [id]))

    const { connection } = opened
    await deleteItem({ connection, table: conversationDictionariesTable, key: { pk, sk: 'HEAD' } })
    const [put] = puts
    if (put === undefined) throw new Error('nothing was put')
    await expect(find(put, new ConversationStore(connection))).rejects.toMatchObject({
      code: 'corrupt_row',
      details: { dictionaryId: id },
    })
  })

  it('names a part that is missing', async () => {
    const put = putOf(talk(noise(800_000)), 'torn')
    await store.put(put)
    const [, part] = await stored(sampleConversationsTable, 'MINER#hk#REV#r1#ENV#torn')
    const key = { pk: part?.['pk'], sk: part?.['sk'] }
    await deleteItem({ connection: opened.connection, table: sampleConversationsTable, key })
    await expect(find(put)).rejects.toThrow(/part 1 of 2 of MINER#hk#REV#r1#ENV#torn .* is missing/)
  })

  it('learns from what it stores, once for all processes, and packs smaller from then on', async () => {
    const learning = new ConversationStore(opened.connection, { learnAfter: 20 })
    const boiler = noise(6_000)
    const puts = Array.from({ length: 22 }, (_, index) => ({
      ...putOf(talk(`${boiler} ${noise(100)} ${index}`), 'learnt'),
      sharedPrompt: null,
    }))
    for (const put of puts) await learning.put(put)
    const heads = await stored(sampleConversationsTable, 'MINER#hk#REV#r1#ENV#learnt')
    const sizes = heads.map(({ bytes }) => (bytes instanceof Uint8Array ? bytes.byteLength : Number.NaN))
    expect(sizes[21] ?? Number.NaN).toBeLessThan((sizes[0] ?? 0) / 3)
    expect(heads[0]?.['dictionaryIds']).toEqual([])
    for (const put of puts)
      expect(await find(put)).toStrictEqual(JSON.parse(Buffer.from(put.content.bytes).toString()))

    const { dictionaries } = new ConversationStore(opened.connection)
    const general = await dictionaries.findGeneral({ environment: 'learnt' })
    expect(heads[21]?.['dictionaryIds']).toEqual([general?.id])
    expect(await stored(conversationDictionariesTable, 'ENV#learnt')).toHaveLength(1)
    if (general !== null) await dictionaries.putGeneral({ environment: 'learnt', dictionary: general })
    expect(await stored(conversationDictionariesTable, 'ENV#learnt')).toHaveLength(1)
  })

  it('stores batches of any size, again and again', async () => {
    const count = isSoak ? 2_000 : 60
    const puts = Array.from({ length: count }, (_, index) =>
      putOf(talk(index % 29 === 7 ? noise(700_000) : `answer ${index}`), 'import'),
    )
    await store.putBatch({ conversations: [...puts, ...puts.slice(0, 5)] })
    await store.putBatch({ conversations: puts.slice(0, 10) })
    for (const put of puts) expect(await hashOf(put)).toBe(put.content.sha256)
    await store.remove({ conversations: puts })
    expect(await stored(sampleConversationsTable, 'MINER#hk#REV#r1#ENV#import')).toEqual([])
  }, 300_000)

  it('refuses what is too large, and an abort, before anything is sent', async () => {
    const small = new ConversationStore(opened.connection, { maxConversationBytes: 1_000 })
    expect(() => small.contentOf(talk(noise(2_000)))).toThrow(/exceed the limit of 1000/)
    const put = putOf(talk('aborted'), 'aborted')
    const signal = AbortSignal.abort(new Error('stopped here'))
    await expect(store.put(put, { signal })).rejects.toThrow('stopped here')
    await expect(store.putBatch({ conversations: [put] }, { signal })).rejects.toThrow('stopped here')
    expect(await stored(sampleConversationsTable, 'MINER#hk#REV#r1#ENV#aborted')).toEqual([])
  })
})
