import type { Conversation, PutSampleParams, SampleKey, SampleRepository } from '@subnetkit/core'
import { buildPutSample, sampleKeyOf, sampleScopeOf } from '@subnetkit/core/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import {
  createDynamoRepositories,
  queryItems,
  sampleConversationsTable,
  samplePresenceTable,
  type DynamoConnection,
} from '../src/index.ts'
import { killAtEachWrite } from './dying-connection.ts'
import { describeOnEachEngineInSoak } from './engine.ts'
import { openConnection, type TestConnection } from './open-connection.ts'
import { sampleTables } from './sample-tables.ts'

const all = { fromGeneration: 0, toGeneration: 999_999 } as const

/** A put of a miner of its own, with a prompt of its own, so that its dictionary has to be stored too. */
function putOf(minerHotkey: string, answer: string, taskId = 7): PutSampleParams {
  const sharedPrompt = `Solve the task of ${minerHotkey}: ${'x = y + z, '.repeat(20)}`
  const params = buildPutSample({ minerHotkey, taskId }, answer)
  const [question, ...rest] = params.conversation.messages
  const messages = [{ role: question?.role ?? 'user', content: sharedPrompt }, ...rest]
  return { ...params, sharedPrompt, conversation: { ...params.conversation, messages } }
}

describeOnEachEngineInSoak('samples, killed', (engine) => {
  let opened: TestConnection
  let connection: DynamoConnection
  let samples: SampleRepository
  let miners = 0
  const newMiner = (): string => `killed${(miners += 1)}`
  const samplesOver = (over: DynamoConnection): SampleRepository => createDynamoRepositories(over).samples

  beforeAll(async () => {
    opened = await openConnection(engine, sampleTables)
    connection = opened.connection
    samples = samplesOver(connection)
  })
  afterAll(async () => {
    await opened.close()
  })

  /** Whatever was cut off: no mark without a sample, and no sample without one of the conversations. */
  async function expectSound(keys: readonly SampleKey[], answers: readonly PutSampleParams[]): Promise<void> {
    const [first] = keys
    if (first === undefined) return
    const scope = sampleScopeOf(first)
    const { items } = await samples.list({ scope, ...all, limit: 1000 })
    const ids = items.map(({ taskId }) => taskId)
    const marked = await samples.listPresentTaskIds({ scope, ...all })
    expect(marked.filter((id) => !ids.includes(id))).toStrictEqual([])
    expect(ids.every((id) => keys.some(({ taskId }) => taskId === id))).toBe(true)
    const given = answers.map(({ conversation }) => conversation)
    for (const conversation of await conversationsOf(items)) expect(given).toContainEqual(conversation)
  }

  function conversationsOf(keys: readonly SampleKey[]): Promise<readonly (Conversation | null)[]> {
    return Promise.all(keys.map((key) => samples.findConversation({ key })))
  }

  /** Finished: each key has one sample with its own conversation, and its mark. */
  async function expectWhole(stored: readonly PutSampleParams[]): Promise<void> {
    const [first] = stored
    if (first === undefined) return
    const scope = sampleScopeOf(first.sample)
    const { items } = await samples.list({ scope, ...all, limit: 1000 })
    expect(items.map(({ taskId }) => taskId)).toStrictEqual(stored.map(({ sample }) => sample.taskId))
    expect(await samples.listPresentTaskIds({ scope, ...all })).toStrictEqual(
      items.map(({ taskId }) => taskId),
    )
    expect(await conversationsOf(items)).toStrictEqual(stored.map(({ conversation }) => conversation))
  }

  async function expectNothingLeft(keys: readonly SampleKey[]): Promise<void> {
    const [first] = keys
    if (first === undefined) return
    const { minerHotkey, modelRevision, environment } = first
    const partition = `MINER#${minerHotkey}#REV#${modelRevision}#ENV#${environment}`
    const parts = await queryItems({ connection, table: sampleConversationsTable, partition, limit: 100 })
    const marks = await queryItems({
      connection,
      table: samplePresenceTable,
      partition: `MINER#${minerHotkey}`,
      limit: 100,
    })
    const { items } = await samples.list({ scope: sampleScopeOf(first), ...all, limit: 100 })
    expect([parts.items, marks.items, items]).toStrictEqual([[], [], []])
  }

  describe('put', () => {
    it('loses nothing, and the same put again finishes it', async () => {
      const writes = await killAtEachWrite(connection, async (dying) => {
        const put = putOf(newMiner(), 'mine')
        return {
          work: samplesOver(dying).put(put),
          check: async () => {
            const key = sampleKeyOf(put.sample)
            await expectSound([key], [put])
            const { sample } = await samples.put(put)
            await expectWhole([put])
            expect(await samples.put(put)).toStrictEqual({ outcome: 'present', sample })
            await samples.remove({ keys: [key] })
            await expectNothingLeft([key])
          },
        }
      })
      // Dictionary, conversation, sample, mark.
      expect(writes).toBe(4)
    })

    it('does not stop another writer, who finds the winner or becomes it', async () => {
      await killAtEachWrite(connection, async (dying) => {
        const minerHotkey = newMiner()
        const [mine, other] = [putOf(minerHotkey, 'mine'), putOf(minerHotkey, 'another')]
        return {
          work: samplesOver(dying).put(mine),
          check: async () => {
            const key = sampleKeyOf(mine.sample)
            await expectSound([key], [mine])
            const { outcome } = await samples.put(other)
            const winner = outcome === 'stored' ? other : mine
            await expectWhole([winner])
            expect((await samples.put(mine)).outcome).toBe('present')
            await expectWhole([winner])
            await samples.remove({ keys: [key] })
            await expectNothingLeft([key])
          },
        }
      })
    })

    it('that dies in a race leaves one winner, and the conversation that is read is the winner’s', async () => {
      await killAtEachWrite(connection, async (dying) => {
        const minerHotkey = newMiner()
        const [mine, other] = [putOf(minerHotkey, 'mine'), putOf(minerHotkey, 'another')]
        const [work, alive] = [samplesOver(dying).put(mine), samples.put(other)]
        return {
          work,
          check: async () => {
            const { sample } = await alive
            await expectSound([sampleKeyOf(sample)], [mine, other])
            expect((await samples.put(mine)).sample).toStrictEqual(sample)
            expect((await samples.put(other)).sample).toStrictEqual(sample)
            const kept = await samples.findConversation({ key: sampleKeyOf(sample) })
            const answer = kept?.messages.at(-1)?.content
            expect(['mine', 'another']).toContain(answer)
            await expectWhole([answer === 'mine' ? mine : other])
          },
        }
      })
    })

    it('that loses leaves nothing of its own behind', async () => {
      const minerHotkey = newMiner()
      const writes = await killAtEachWrite(connection, async (dying, cut) => {
        const [mine, other] = [
          putOf(`${minerHotkey}${cut}`, 'mine'),
          putOf(`${minerHotkey}${cut}`, 'another'),
        ]
        await samples.put(other)
        return {
          work: samplesOver(dying).put(mine),
          check: async () => {
            await expectWhole([other])
            expect((await samples.put(mine)).outcome).toBe('present')
            await expectWhole([other])
            const { minerHotkey: hotkey, modelRevision, environment } = mine.sample
            const partition = `MINER#${hotkey}#REV#${modelRevision}#ENV#${environment}`
            const parts = await queryItems({
              connection,
              table: sampleConversationsTable,
              partition,
              limit: 9,
            })
            expect(parts.items).toHaveLength(1)
          },
        }
      })
      expect(writes).toBeGreaterThanOrEqual(5)
    })
  })

  // Eighteen kills of a batch with conversations: a busy machine is many times slower.
  it(
    'putBatch loses and doubles nothing, and the same batch again finishes it',
    { timeout: 600_000 },
    async () => {
      const writes = await killAtEachWrite(connection, async (dying) => {
        const minerHotkey = newMiner()
        const puts = Array.from({ length: 28 }, (_, index) =>
          putOf(minerHotkey, `answer ${index}`, index * 20),
        )
        await samples.putBatch({ samples: puts.slice(5, 7) })
        return {
          work: samplesOver(dying).putBatch({ samples: puts }),
          check: async () => {
            await expectSound(
              puts.map(({ sample }) => sampleKeyOf(sample)),
              puts,
            )
            const { stored, present } = await samples.putBatch({ samples: puts })
            expect(stored + present).toBe(puts.length)
            await expectWhole(puts)
          },
        }
      })
      // Mark of what is there; dictionary; two requests each for conversations and samples; three items of marks.
      expect(writes).toBe(9)
    },
  )

  it('remove leaves no mark without sample and no sample without conversation, and the same again ends it', async () => {
    const writes = await killAtEachWrite(connection, async (dying) => {
      const minerHotkey = newMiner()
      const puts = [3, 5, 300].map((taskId) => putOf(minerHotkey, `answer ${taskId}`, taskId))
      await samples.putBatch({ samples: puts })
      const keys = puts.map(({ sample }) => sampleKeyOf(sample))
      return {
        work: samplesOver(dying).remove({ keys }),
        check: async () => {
          await expectSound(keys, puts)
          await samples.remove({ keys })
          await expectNothingLeft(keys)
        },
      }
    })
    // Two items of marks, each emptied and then removed; three samples; three conversations.
    expect(writes).toBe(10)
  })
})
