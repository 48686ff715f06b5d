import {
  StorageError,
  type PutSystemConfigParams,
  type SystemConfig,
  type SystemConfigRepository,
} from '@subnetkit/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { createDynamoRepositories, systemConfigTable, type DynamoConnection } from '../src/index.ts'
import { describeOnEachEngineInSoak } from './engine.ts'
import { openConnection, type TestConnection } from './open-connection.ts'

type Moment = 'before' | 'after'

/** The same connection, whose process "dies" around its n-th write: before it is sent, or before its answer comes. */
function dyingAt(connection: DynamoConnection, write: number, moment: Moment): DynamoConnection {
  let writes = 0
  const { documents } = connection
  const died = (): StorageError => new StorageError({ code: 'unavailable', message: 'killed here' })
  return {
    ...connection,
    documents: {
      ...documents,
      put: async (input, options) => {
        writes += 1
        if (writes === write && moment === 'before') throw died()
        const output = await documents.put(input, options)
        if (writes === write) throw died()
        return output
      },
    },
  }
}

const base: Omit<PutSystemConfigParams, 'key'> = {
  setting: { type: 'integer', value: 10n },
  expectedVersion: 0,
  updatedBy: 'alice',
  now: new Date('2026-02-03T04:05:06.345Z'),
}

function storedBy(put: PutSystemConfigParams): SystemConfig {
  const { key, setting, now, updatedBy, expectedVersion = 0 } = put
  return { key, setting, version: expectedVersion + 1, updatedAt: now, updatedBy }
}

/** Every place where a put can be cut, and whether its version is stored then. */
const cuts = [
  { version: 1, write: 1, moment: 'before', isStored: false },
  { version: 1, write: 1, moment: 'after', isStored: false },
  { version: 1, write: 2, moment: 'before', isStored: false },
  { version: 1, write: 2, moment: 'after', isStored: true },
  { version: 2, write: 1, moment: 'before', isStored: false },
  { version: 2, write: 1, moment: 'after', isStored: true },
] as const

describeOnEachEngineInSoak('system config put, killed', (engine) => {
  let opened: TestConnection
  let systemConfig: SystemConfigRepository
  let keys = 0
  beforeAll(async () => {
    opened = await openConnection(engine, [systemConfigTable])
    systemConfig = createDynamoRepositories(opened.connection).systemConfig
  })
  afterAll(async () => {
    await opened.close()
  })
  const listed = async (key: string): Promise<readonly SystemConfig[]> =>
    (await systemConfig.list({ limit: 1000 })).items.filter((item) => item.key === key)

  describe.each(cuts)('version $version, $moment write $write', ({ version, write, moment, isStored }) => {
    /** A put of a new key that died at the cut, and what was there before it. */
    async function die(): Promise<{ put: PutSystemConfigParams; earlier: readonly SystemConfig[] }> {
      const first = { ...base, key: `killed.key_${(keys += 1)}` }
      const second: PutSystemConfigParams = {
        ...first,
        setting: { type: 'integer', value: 20n },
        expectedVersion: 1,
      }
      const put = version === 1 ? first : second
      const earlier = version === 1 ? [] : [await systemConfig.put(first)]
      const dying = createDynamoRepositories(dyingAt(opened.connection, write, moment)).systemConfig
      await expect(dying.put(put)).rejects.toMatchObject({ code: 'unavailable' })
      return { put, earlier }
    }

    it('loses nothing, and the same put again finishes it', async () => {
      const { put, earlier } = await die()
      const wanted = storedBy(put)
      const visible = isStored ? [wanted] : earlier
      expect(await systemConfig.find(put)).toStrictEqual(visible[0] ?? null)
      expect(await listed(put.key)).toStrictEqual(visible)

      expect(await systemConfig.put(put)).toStrictEqual(wanted)
      expect(await listed(put.key)).toStrictEqual([wanted])
      const history = await systemConfig.listHistory({ key: put.key, limit: 10 })
      expect(history.items).toStrictEqual([wanted, ...earlier])
    })

    it('does not stop another writer', async () => {
      const { put } = await die()
      const { key, setting, now } = put
      const other = await systemConfig.put({ key, setting, now, updatedBy: 'bob' })
      const { items } = await systemConfig.listHistory({ key, limit: 10 })
      expect(items.map((one) => one.version)).toStrictEqual(
        Array.from({ length: other.version }, (_, index) => other.version - index),
      )
      expect(await systemConfig.find({ key })).toStrictEqual(other)
    })
  })

  it('tells a put whose answer was lost from one that another writer won', async () => {
    const put = { ...base, key: 'killed.lost_race' }
    await systemConfig.put({ ...put, updatedBy: 'bob' })
    await expect(systemConfig.put(put)).rejects.toMatchObject({
      code: 'conflict',
      details: { currentVersion: 1, expectedVersion: 0 },
    })
  })
})
