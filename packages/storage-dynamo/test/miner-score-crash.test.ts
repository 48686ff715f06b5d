import { StorageError, type MinerScoreRepository, type ScoreSnapshot } from '@subnetkit/core'
import { buildPublication, type BuiltPublication } from '@subnetkit/core/contracts'
import { afterAll, beforeAll, expect, it } from 'vitest'

import {
  createDynamoRepositories,
  scoreSnapshotsTable,
  scoresTable,
  type DynamoConnection,
} from '../src/index.ts'
import { killAtEachWrite } from './dying-connection.ts'
import { describeOnEachEngineInSoak } from './engine.ts'
import { openConnection, type TestConnection } from './open-connection.ts'

const now = new Date()
/** Two batches of rows, the snapshot, the pointer. */
const hotkeys = Array.from({ length: 26 }, (_, index) => `miner${index}`).sort()
const WRITES = 4
/** Cuts at which the snapshot is stored, and those at which the pointer names it. */
const WHOLE = new Set(['after3', 'before4', 'after4', 'before5'])
const LATEST = new Set(['after4', 'before5'])

describeOnEachEngineInSoak('publishing scores, killed', (engine) => {
  let opened: TestConnection
  let connection: DynamoConnection
  let minerScores: MinerScoreRepository
  let blocks = 1_000
  beforeAll(async () => {
    opened = await openConnection(engine, [scoresTable, scoreSnapshotsTable])
    connection = opened.connection
    minerScores = createDynamoRepositories(connection).minerScores
  })
  afterAll(async () => {
    await opened.close()
  })
  const build = (points = 1): BuiltPublication =>
    buildPublication({ blockNumber: (blocks += 1), hotkeys, calculatedAt: now, scoreFields: { points } })
  const countOf = async (snapshot: ScoreSnapshot): Promise<number> =>
    (await minerScores.list({ snapshot, now, limit: 100 })).items.length

  it('shows all of a snapshot or nothing, and the same call again finishes it', async () => {
    const killable = await killAtEachWrite(connection, async (dying, cut) => {
      const earlier = build()
      await minerScores.publish(earlier)
      const publication = build()
      const { snapshot, scores } = publication
      const check = async (): Promise<void> => {
        const isWhole = WHOLE.has(cut)
        expect(await minerScores.findLatestSnapshot({ now })).toStrictEqual(
          LATEST.has(cut) ? snapshot : earlier.snapshot,
        )
        expect(await minerScores.findSnapshot({ ...snapshot, now })).toStrictEqual(isWhole ? snapshot : null)
        expect(await countOf(snapshot)).toBe(isWhole ? scores.length : 0)
        const { items: history } = await minerScores.listHistory({ minerHotkey: 'miner0', now, limit: 1 })
        expect(history[0]?.snapshotId).toBe((isWhole ? snapshot : earlier.snapshot).snapshotId)

        expect(await minerScores.publish(publication)).toStrictEqual({ isLatest: true })
        expect(await minerScores.findLatestSnapshot({ now })).toStrictEqual(snapshot)
        expect(await countOf(snapshot)).toBe(scores.length)
      }
      return { work: createDynamoRepositories(dying).minerScores.publish(publication), check }
    })
    expect(killable).toBe(WRITES)
  })

  it('lets other scores have the block of a publisher that died before it decided', async () => {
    const dead = build()
    const put = (): Promise<never> =>
      Promise.reject(new StorageError({ code: 'unavailable', message: 'killed' }))
    const dying = { ...connection, documents: { ...connection.documents, put } }
    await expect(createDynamoRepositories(dying).minerScores.publish(dead)).rejects.toThrow('killed')
    const { blockNumber } = dead.snapshot
    const other = buildPublication({ blockNumber, hotkeys, calculatedAt: now, scoreFields: { points: 9 } })
    await minerScores.publish(other)
    await expect(minerScores.publish(dead)).rejects.toMatchObject({ code: 'conflict' })
    expect(await minerScores.findLatestSnapshot({ now })).toStrictEqual(other.snapshot)
    expect(await countOf(dead.snapshot)).toBe(0)
    const { items } = await minerScores.listHistory({ minerHotkey: 'miner0', now, limit: 1 })
    expect(items).toStrictEqual(other.scores.slice(0, 1))
  })
})
