import { StorageError, type PutSystemConfigParams, type SystemConfig } from '@subnetkit/core'
import { describe, expect, it } from 'vitest'

import { allTables, createDynamoRepositories, type DynamoConnection } from '../src/index.ts'
import { describeOnEachEngine } from './engine.ts'
import { openConnection } from './open-connection.ts'

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

const first: PutSystemConfigParams = {
  key: 'sampling.batch_size',
  setting: { type: 'integer', value: 10n },
  expectedVersion: 0,
  updatedBy: 'alice',
  now: new Date('2026-02-03T04:05:06.345Z'),
}
const second: PutSystemConfigParams = {
  ...first,
  setting: { type: 'integer', value: 20n },
  expectedVersion: 1,
}

const firstStored: SystemConfig = {
  key: first.key,
  setting: first.setting,
  version: 1,
  updatedAt: first.now,
  updatedBy: first.updatedBy,
}
const secondStored: SystemConfig = { ...firstStored, setting: second.setting, version: 2 }

/** Every place where a put can be cut, and whether its version is stored then. */
const cuts = [
  { put: first, write: 1, moment: 'before', isStored: false },
  { put: first, write: 1, moment: 'after', isStored: false },
  { put: first, write: 2, moment: 'before', isStored: false },
  { put: first, write: 2, moment: 'after', isStored: true },
  { put: second, write: 1, moment: 'before', isStored: false },
  { put: second, write: 1, moment: 'after', isStored: true },
] as const

describeOnEachEngine('system config put, killed', (engine) => {
  describe.each(cuts)(
    'version $put.expectedVersion + 1, $moment write $write',
    ({ put, write, moment, isStored }) => {
      it('loses nothing, and the same put again finishes it', async () => {
        await using opened = await openConnection(engine, allTables)
        const { systemConfig } = createDynamoRepositories(opened.connection)
        if (put === second) await systemConfig.put(first)
        const before = await systemConfig.find(first)

        const dying = createDynamoRepositories(dyingAt(opened.connection, write, moment)).systemConfig
        await expect(dying.put(put)).rejects.toMatchObject({ code: 'unavailable' })

        const wanted = put === second ? secondStored : firstStored
        const visible = isStored ? wanted : before
        expect(await systemConfig.find(first)).toStrictEqual(visible)
        expect((await systemConfig.list({ limit: 10 })).items).toStrictEqual(
          visible === null ? [] : [visible],
        )

        expect(await systemConfig.put(put)).toStrictEqual(wanted)
        expect((await systemConfig.list({ limit: 10 })).items).toStrictEqual([wanted])
        const history = await systemConfig.listHistory({ key: first.key, limit: 10 })
        expect(history.items).toStrictEqual(put === second ? [secondStored, firstStored] : [firstStored])
      })

      it('does not stop another writer', async () => {
        await using opened = await openConnection(engine, allTables)
        const { systemConfig } = createDynamoRepositories(opened.connection)
        if (put === second) await systemConfig.put(first)
        const dying = createDynamoRepositories(dyingAt(opened.connection, write, moment)).systemConfig
        await expect(dying.put(put)).rejects.toMatchObject({ code: 'unavailable' })

        const { key, setting, now } = put
        const other = await systemConfig.put({ key, setting, now, updatedBy: 'bob' })
        const versions = (await systemConfig.listHistory({ key: first.key, limit: 10 })).items.map(
          (one) => one.version,
        )
        expect(versions).toStrictEqual(
          Array.from({ length: other.version }, (_, index) => other.version - index),
        )
        expect(await systemConfig.find(first)).toStrictEqual(other)
      })
    },
  )

  it('tells a put whose answer was lost from one that another writer won', async () => {
    await using opened = await openConnection(engine, allTables)
    const { systemConfig } = createDynamoRepositories(opened.connection)
    await systemConfig.put({ ...first, updatedBy: 'bob' })
    await expect(systemConfig.put(first)).rejects.toMatchObject({
      code: 'conflict',
      details: { currentVersion: 1, expectedVersion: 0 },
    })
  })
})
