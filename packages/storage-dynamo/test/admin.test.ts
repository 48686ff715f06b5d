import { StorageError } from '@subnetkit/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import {
  allTables,
  checkStore,
  defineTable,
  getItem,
  putItem,
  reconcileTables,
  storeStatus,
  sweepTables,
  tableName,
  type DynamoConnection,
  type StoreCheck,
  type SweptTable,
} from '../src/index.ts'
import { describeOnEachEngine } from './engine.ts'
import { openConnection, type TestConnection } from './open-connection.ts'

const now = new Date()

describeOnEachEngine('an operator’s look at the store', (engine) => {
  let opened: TestConnection
  let connection: DynamoConnection
  beforeAll(async () => {
    opened = await openConnection(engine, allTables)
    connection = opened.connection
  })
  afterAll(async () => {
    await opened.close()
  })
  const full = (table: { readonly name: string }): string => tableName(connection.tablePrefix, table)

  describe('checkStore', () => {
    it('writes, reads and removes an item of every table, and leaves nothing', async () => {
      const seen: StoreCheck[] = []
      const checks = await checkStore({ connection, now, id: 'A1', onChecked: (check) => seen.push(check) })
      expect(checks.filter((check) => !check.isOk)).toStrictEqual([])
      expect(seen).toStrictEqual(checks)
      expect([...new Set(checks.map((check) => check.table))].sort()).toStrictEqual(
        allTables.map(full).sort(),
      )
      const statuses = await storeStatus({ connection, tables: allTables, count: 'scan' })
      expect(statuses.map((status) => status.items)).toStrictEqual(allTables.map(() => 0))
    })

    it('may run many times at once', async () => {
      const runs = await Promise.all(['b1', 'b2', 'b3'].map((id) => checkStore({ connection, now, id })))
      expect(runs.flat().filter((check) => !check.isOk)).toStrictEqual([])
    })

    it.each(['put', 'get', 'delete'] as const)(
      'says which kind failed when %s is refused',
      async (operation) => {
        const refused = full({ name: 'execution_logs' })
        const { documents } = connection
        const call = documents[operation]
        const guarded: DynamoConnection = {
          ...connection,
          documents: {
            ...documents,
            [operation]: (input: { TableName: string } & Parameters<typeof call>[0]) =>
              input.TableName === refused
                ? Promise.reject(new StorageError({ code: 'forbidden', message: 'no right to do that' }))
                : Reflect.apply(call, documents, [input]),
          },
        }
        const checks = await checkStore({ connection: guarded, now, id: `c${operation}` })
        const failed = checks.filter((check) => !check.isOk)
        expect(failed.map((check) => check.kind)).toStrictEqual(['executionLog'])
        const step = { put: 'write', get: 'read', delete: 'remove' }[operation]
        expect(failed[0]?.problem).toBe(`${step}: no right to do that`)
      },
    )

    it('tells an item that came back changed', async () => {
      const { documents } = connection
      const changing: DynamoConnection = {
        ...connection,
        documents: {
          ...documents,
          get: async (input, options) => {
            const output = await documents.get(input, options)
            const isSample = input.TableName === full({ name: 'sample_results' })
            return isSample ? { ...output, Item: { ...output.Item, score: '0.5' } } : output
          },
        },
      }
      const checks = await checkStore({ connection: changing, now, id: 'd' })
      expect(checks.filter((check) => !check.isOk)).toMatchObject([
        { kind: 'sample', problem: 'read: the item came back changed' },
      ])
    })

    it('goes on past a table that is missing, and refuses a bad id', async () => {
      await using bare = await openConnection(engine)
      const checks = await checkStore({ connection: bare.connection, now, id: 'e' })
      expect(checks.every((check) => check.problem?.includes('the init command creates the tables'))).toBe(
        true,
      )
      for (const id of ['', 'a-b', 'x'.repeat(33)]) {
        await expect(checkStore({ connection, now, id })).rejects.toMatchObject({ code: 'invalid_input' })
      }
      const signal = AbortSignal.abort(new Error('enough'))
      await expect(checkStore({ connection, now, id: 'f' }, { signal })).rejects.toThrow('enough')
    })
  })

  it('storeStatus tells what is there, what is missing and who removes what expires', async () => {
    const plain = defineTable({
      name: 'status_of',
      partitionKey: { name: 'pk', type: 'S' },
      sortKey: null,
      indexes: [],
      expiryAttribute: 'ttl',
    })
    const index = {
      name: 'by-miner',
      partitionKey: { name: 'miner', type: 'S' },
      sortKey: null,
      projection: 'ALL',
    } as const
    const grown = defineTable({ ...plain, indexes: [index] })
    const missing = defineTable({ ...plain, name: 'not_there' })
    await reconcileTables({ connection, tables: [plain] })
    await putItem({ connection, table: plain, item: { pk: 'a' } })
    const expiry = engine.supportsTtl ? 'native' : 'sweep'
    const [before, absent] = await storeStatus({ connection, tables: [grown, missing], count: 'scan' })
    expect(before).toMatchObject({
      name: full(plain),
      state: 'ready',
      items: 1,
      indexes: [{ name: 'by-miner', state: 'missing' }],
      expiry,
    })
    expect(absent).toStrictEqual({
      name: full(missing),
      state: 'missing',
      items: null,
      bytes: null,
      indexes: [],
      expiry: 'none',
    })
    await reconcileTables({ connection, tables: [grown] })
    const [after] = await storeStatus({ connection, tables: [grown] })
    expect(after?.indexes).toStrictEqual([{ name: 'by-miner', state: 'ready' }])
    const [other] = await storeStatus({ connection, tables: [plain] })
    expect(other?.indexes).toStrictEqual([{ name: 'by-miner', state: 'unknown' }])
  })

  it('sweepTables removes what has expired from every table that expires, and nothing else', async () => {
    const lasting = defineTable({
      name: 'swept_lasting',
      partitionKey: { name: 'pk', type: 'S' },
      sortKey: null,
      indexes: [],
      expiryAttribute: null,
    })
    const [first, second] = ['swept_a', 'swept_b'].map((name) =>
      defineTable({ ...lasting, name, expiryAttribute: 'ttl' }),
    )
    const tables = [first, lasting, second].filter((table) => table !== undefined)
    await reconcileTables({ connection, tables })
    const seconds = Math.floor(now.getTime() / 1000)
    for (const table of tables) {
      // Far enough ahead that an engine with an expiry of its own keeps them until the sweep's moment.
      await putItem({ connection, table, item: { pk: 'expired', ttl: seconds + 3_600 } })
      await putItem({ connection, table, item: { pk: 'later', ttl: seconds + 7_201 } })
      await putItem({ connection, table, item: { pk: 'stays' } })
    }
    const steps: SweptTable[] = []
    const then = new Date((seconds + 7_200) * 1_000)
    const swept = await sweepTables({ connection, tables, now: then, onStep: (step) => steps.push(step) })
    expect(swept).toStrictEqual(['swept_a', 'swept_b'].map((name) => ({ name: full({ name }), removed: 1 })))
    expect(steps).toStrictEqual(swept)
    for (const pk of ['expired', 'later', 'stays']) {
      const items = await Promise.all(tables.map((table) => getItem({ connection, table, key: { pk }, now })))
      expect(items.map((item) => item !== null)).toStrictEqual(
        tables.map((table) => pk !== 'expired' || table.expiryAttribute === null),
      )
    }
  })
})
