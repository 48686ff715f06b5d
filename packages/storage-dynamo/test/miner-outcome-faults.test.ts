import type { Miner, MinerRepository } from '@subnetkit/core'
import { buildMinerRegistration } from '@subnetkit/core/contracts'
import { afterAll, beforeAll, expect, it } from 'vitest'

import {
  createDynamoRepositories,
  getItem,
  minerMetadataTable,
  putItem,
  type DynamoConnection,
  type Item,
} from '../src/index.ts'
import { killAtEachWrite } from './dying-connection.ts'
import { describeOnEachEngineInSoak } from './engine.ts'
import { openConnection, type TestConnection } from './open-connection.ts'

const now = new Date('2026-02-03T04:05:06.345Z')
/** The outcome after which new marks become old ones: one more than are remembered at least. */
const TURN = 65

/** The same connection as one whose every answer is lost once: the client sends each update a second time. */
function resending(connection: DynamoConnection): DynamoConnection {
  const { documents } = connection
  return {
    ...connection,
    documents: {
      ...documents,
      update: async (input, options) => {
        await documents.update(input, options)
        return documents.update(input, options)
      },
    },
  }
}

describeOnEachEngineInSoak('counting outcomes over a bad line', (engine) => {
  let opened: TestConnection
  let connection: DynamoConnection
  let miners: MinerRepository
  let made = 0
  beforeAll(async () => {
    opened = await openConnection(engine, [minerMetadataTable])
    connection = opened.connection
    miners = createDynamoRepositories(connection).miners
  })
  afterAll(async () => {
    await opened.close()
  })
  const newMiner = async (): Promise<string> => {
    const hotkey = `miner${(made += 1)}`
    await miners.put({ registration: buildMinerRegistration({ hotkey }), now })
    return hotkey
  }
  const record = (over: MinerRepository, hotkey: string, attempt: number): Promise<Miner> =>
    over.recordOutcome({ hotkey, outcomeId: `attempt-${attempt}`, outcome: 'miner_fault', now })
  const totalOf = async (hotkey: string): Promise<number | undefined> =>
    (await miners.find({ hotkey }))?.statistics.totalSamples
  const rawItem = async (hotkey: string): Promise<Item> => {
    const key = { pk: `MINER#${hotkey}` }
    return (await getItem({ connection, table: minerMetadataTable, key })) ?? {}
  }
  /** Another miner with the same counters and marks. */
  const copyOf = async (hotkey: string): Promise<string> => {
    const copy = `miner${(made += 1)}`
    const item = { ...(await rawItem(hotkey)), pk: `MINER#${copy}`, hotkey: copy }
    await putItem({ connection, table: minerMetadataTable, item })
    return copy
  }
  const recordMany = async (hotkey: string, from: number, to: number): Promise<void> => {
    const attempts = Array.from({ length: to - from + 1 }, (_, index) => from + index)
    await Promise.all(attempts.map((attempt) => record(miners, hotkey, attempt)))
  }

  it('counts once when the client sends again what was stored', async () => {
    const hotkey = await newMiner()
    const over = createDynamoRepositories(resending(connection)).miners
    const { statistics } = await record(over, hotkey, 1)
    expect(statistics).toMatchObject({ totalSamples: 1, errorCount: 1, consecutiveErrors: 1 })
  })

  it('counts once when the caller repeats a call that was killed', async () => {
    const killable = await killAtEachWrite(connection, async (dying, cut) => {
      const hotkey = await newMiner()
      const check = async (): Promise<void> => {
        expect(await totalOf(hotkey)).toBe(cut === 'before1' ? 0 : 1)
        expect((await record(miners, hotkey, 1)).statistics.totalSamples).toBe(1)
      }
      return { work: record(createDynamoRepositories(dying).miners, hotkey, 1), check }
    })
    expect(killable).toBe(1)
  })

  it('forgets no mark too early when the turn of marks is killed', async () => {
    const full = await newMiner()
    await recordMany(full, 1, TURN - 1)
    const killable = await killAtEachWrite(connection, async (dying) => {
      const hotkey = await copyOf(full)
      const check = async (): Promise<void> => {
        for (const attempt of [TURN, TURN + 1]) await record(miners, hotkey, attempt)
        for (const attempt of [1, 2, 32, TURN - 1, TURN]) await record(miners, hotkey, attempt)
        expect(await totalOf(hotkey)).toBe(TURN + 1)
      }
      return { work: record(createDynamoRepositories(dying).miners, hotkey, TURN), check }
    })
    expect(killable).toBe(2)
  })

  it('keeps the number of marks within its bound', async () => {
    const hotkey = await newMiner()
    for (let attempt = 0; attempt < 140; attempt += 10) await recordMany(hotkey, attempt, attempt + 9)
    const item = await rawItem(hotkey)
    const sizes = ['newOutcomes', 'oldOutcomes'].map((name) => {
      const marks: unknown = item[name]
      return marks instanceof Set ? marks.size : 0
    })
    expect(sizes.every((size) => size <= 64 + 10)).toBe(true)
    expect(sizes[1]).toBeGreaterThanOrEqual(64)
  })
})
