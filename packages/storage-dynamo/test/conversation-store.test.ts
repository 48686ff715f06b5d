import type { Conversation, SampleKey } from '@subnetkit/core'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { conversationDictionariesTable, ConversationStore, sampleConversationsTable } from '../src/index.ts'
import { describeOnEachEngine } from './engine.ts'
import { openConnection, type TestConnection } from './open-connection.ts'

const key: SampleKey = {
  minerHotkey: '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty',
  modelRevision: 'rev-1',
  environment: 'affine:ded-v2',
  generation: 1,
  taskId: 7,
}

describeOnEachEngine('conversation store', (engine) => {
  let opened: TestConnection
  let store: ConversationStore
  beforeAll(async () => {
    opened = await openConnection(engine, [sampleConversationsTable, conversationDictionariesTable])
    store = new ConversationStore(opened.connection)
  })
  afterAll(async () => {
    await opened.close()
  })
  it('stores', async () => {
    const conversation: Conversation = { messages: [{ role: 'user', content: 'hi 😀' }], details: { a: [1] } }
    const content = store.contentOf(conversation)
    const sampleId = content.sha256.slice(0, 32)
    expect(await store.put({ key, sampleId, content, sharedPrompt: 'hi'.repeat(200) })).toBe('stored')
    expect(await store.put({ key, sampleId, content, sharedPrompt: null })).toBe('present')
    expect(await store.find({ key, sampleId, contentSha256: content.sha256 })).toStrictEqual(conversation)
    await store.remove({ conversations: [{ key, sampleId }] })
    expect(await store.find({ key, sampleId, contentSha256: content.sha256 })).toBeNull()
  })
})
