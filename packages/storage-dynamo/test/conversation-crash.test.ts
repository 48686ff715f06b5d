import { randomFillSync } from 'node:crypto'

import { StorageError, type Conversation } from '@subnetkit/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import {
  conversationDictionariesTable,
  ConversationStore,
  sampleConversationsTable,
  type DynamoConnection,
  type PutConversationParams,
} from '../src/index.ts'
import { describeOnEachEngineInSoak } from './engine.ts'
import { openConnection, type TestConnection } from './open-connection.ts'

type Moment = 'before' | 'after'

/** The same connection, whose process "dies" around its n-th write, and sends nothing more; counts what it sent. */
function dyingAt(
  connection: DynamoConnection,
  write: number,
  moment: Moment,
): { connection: DynamoConnection; sent: () => number } {
  let writes = 0
  let sent = 0
  const { documents } = connection
  const died = (): StorageError => new StorageError({ code: 'unavailable', message: 'killed here' })
  const put: typeof documents.put = async (input, options) => {
    writes += 1
    if (writes > write || (writes === write && moment === 'before')) throw died()
    sent += 1
    const isLast = writes === write
    const output = await documents.put(input, options)
    if (isLast) throw died()
    return output
  }
  return { connection: { ...connection, documents: { ...documents, put } }, sent: () => sent }
}

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'
const noise = (bytes: number): string => randomFillSync(Buffer.alloc(bytes)).toString('base64')

/** A put of a large conversation with a large prompt, all new: 2 + 1 writes of the dictionary, 2 + 1 of the rest. */
const WRITES = 6

describeOnEachEngineInSoak('conversation put, killed', (engine) => {
  let opened: TestConnection
  let taskId = 0
  beforeAll(async () => {
    opened = await openConnection(engine, [sampleConversationsTable, conversationDictionariesTable])
  })
  afterAll(async () => {
    await opened.close()
  })

  function newPut(): PutConversationParams {
    const sharedPrompt = noise(500_000)
    // It repeats the end of the prompt, so that packing uses the prompt's dictionary.
    const text = `${sharedPrompt.slice(-30_000)}${noise(500_000)}`
    const conversation: Conversation = { messages: [{ role: 'assistant', content: text }], details: {} }
    const content = new ConversationStore(opened.connection).contentOf(conversation)
    const key = {
      minerHotkey: 'hk',
      modelRevision: 'r1',
      environment: 'crash',
      generation: 1,
      taskId: ++taskId,
    }
    return { key, sampleId: content.sha256.slice(0, 32), content, sharedPrompt }
  }
  /** The hash of what is found: a failed test should not print megabytes. */
  async function foundHash(put: PutConversationParams): Promise<string | null> {
    const store = new ConversationStore(opened.connection)
    const found = await store.find({ ...put, contentSha256: put.content.sha256 })
    return found === null ? null : store.contentOf(found).sha256
  }

  it('takes as many writes as are cut below', async () => {
    const put = newPut()
    const counted = dyingAt(opened.connection, Number.POSITIVE_INFINITY, 'before')
    await new ConversationStore(counted.connection, { learnAfter: null }).put(put)
    expect(counted.sent()).toBe(WRITES)
  })

  const everyCut = Array.from({ length: WRITES }, (_, index) => index + 1)
  /** Every cut on the embedded engine; on slower ones the head of each table alone, but for the soak. */
  const cuts = isSoak || engine.name === 'embedded' ? everyCut : [3, WRITES]
  describe.each(cuts)('at write %i', (write) => {
    it.each(['before', 'after'] as const)(
      '%s it: shows nothing half, and the same put finishes it',
      async (moment) => {
        const put = newPut()
        const dying = dyingAt(opened.connection, write, moment)
        const killed = new ConversationStore(dying.connection, { learnAfter: null })
        await expect(killed.put(put)).rejects.toMatchObject({ code: 'unavailable' })

        const store = new ConversationStore(opened.connection)
        const isStored = write === WRITES && moment === 'after'
        expect(await foundHash(put)).toBe(isStored ? put.content.sha256 : null)
        expect(await store.put(put)).toBe(isStored ? 'present' : 'stored')
        expect(await foundHash(put)).toBe(put.content.sha256)
      },
    )
  })
})
