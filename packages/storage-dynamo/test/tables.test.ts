import { expect, it } from 'vitest'

import {
  defineTable,
  listTables,
  putItem,
  queryItems,
  reconcileTables,
  resetTables,
  type Item,
  type TableSpec,
} from '../src/index.ts'
import { describeOnEachEngine } from './engine.ts'
import { openConnection } from './open-connection.ts'

const plain = defineTable({
  name: 'samples',
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: { name: 'sk', type: 'S' },
  indexes: [],
  expiryAttribute: null,
})

const grown: TableSpec = defineTable({
  ...plain,
  indexes: [
    {
      name: 'by-block',
      partitionKey: { name: 'gsi1pk', type: 'S' },
      sortKey: { name: 'block', type: 'N' },
      projection: ['score'],
    },
    { name: 'by-miner', partitionKey: { name: 'miner', type: 'S' }, sortKey: null, projection: 'KEYS_ONLY' },
  ],
  expiryAttribute: 'expiresAt',
})

describeOnEachEngine('reconcileTables', (engine) => {
  const expiry = engine.supportsTtl ? 'native' : 'sweep'

  it('creates what is missing, and changes nothing the second time', async () => {
    await using opened = await openConnection(engine)
    const { connection } = opened
    const name = `${connection.tablePrefix}_samples`
    const [report] = await reconcileTables({ connection, tables: [grown] })
    expect(report).toMatchObject({ name, action: 'created', indexesAdded: [], indexesUnknown: [], expiry })
    const [again] = await reconcileTables({ connection, tables: [grown] })
    expect(again).toMatchObject({ name, action: 'unchanged', expiry })
    const { Table: table } = await connection.tables.describeTable({ TableName: name })
    expect(table?.BillingModeSummary?.BillingMode).toBe('PAY_PER_REQUEST')
  })

  it('adds indexes and expiry to a table that exists, with what is in it', async () => {
    await using opened = await openConnection(engine, [plain])
    const { connection } = opened
    const put = (number: number, fields: Item): Promise<void> =>
      putItem({ connection, table: plain, item: { pk: `p${number}`, sk: 's', ...fields } })
    for (let number = 0; number < 30; number += 1)
      await put(number, { miner: `m${number % 3}`, score: number })
    await put(31, { score: 1 })
    // These cannot be in the index either; DynamoDB Local of 2020 never gets past them.
    if (engine.name !== 'dynamodb-local') {
      await put(32, { miner: 5 })
      await put(33, { miner: null })
    }

    const [report] = await reconcileTables({ connection, tables: [grown] })
    expect(report).toMatchObject({ action: 'updated', indexesAdded: ['by-block', 'by-miner'], expiry })
    const found = async (partition: string): Promise<number> => {
      const params = {
        connection,
        table: grown,
        index: grown.indexes[1] ?? grown.indexes[0],
        partition,
        now: new Date(),
      }
      const { index, ...rest } = params
      return index === undefined ? -1 : (await queryItems({ ...rest, index, limit: 100 })).items.length
    }
    expect([await found('m0'), await found('m1'), await found('m2')]).toStrictEqual([10, 10, 10])
    await put(0, { miner: 'm1' })
    await put(40, { miner: 'm1' })
    expect([await found('m0'), await found('m1')]).toStrictEqual([9, 12])

    const [again] = await reconcileTables({ connection, tables: [grown] })
    expect(again).toMatchObject({ action: 'unchanged', expiry })
    const [back] = await reconcileTables({ connection, tables: [plain] })
    expect(back).toMatchObject({ action: 'unchanged', expiry: 'none' })
    expect([...(back?.indexesUnknown ?? [])].sort()).toStrictEqual(['by-block', 'by-miner'])
  })

  it('may be run by many at once', async () => {
    await using opened = await openConnection(engine)
    const { connection } = opened
    const runs = await Promise.all(
      Array.from({ length: 5 }, () => reconcileTables({ connection, tables: [plain] })),
    )
    expect(runs.flat().filter((report) => report.action === 'created')).toHaveLength(1)
  })

  it('refuses a table with other keys, and an index with another shape', async () => {
    await using opened = await openConnection(engine, [grown])
    const { connection } = opened
    const otherKeys = defineTable({ ...plain, sortKey: null })
    const otherIndex = defineTable({
      ...plain,
      indexes: [
        {
          ...grown.indexes[1],
          name: 'by-miner',
          projection: 'ALL',
          partitionKey: plain.partitionKey,
          sortKey: null,
        },
      ],
    })
    for (const table of [otherKeys, otherIndex]) {
      await expect(reconcileTables({ connection, tables: [table] })).rejects.toMatchObject({
        code: 'conflict',
      })
    }
  })

  it('says whether point-in-time recovery is on', async () => {
    await using opened = await openConnection(engine)
    const { connection } = opened
    const [report] = await reconcileTables({ connection, tables: [plain], pointInTimeRecovery: true })
    expect(report?.pointInTimeRecovery).toBe(engine.name === 'server' ? 'on' : 'unsupported')
  })
})

describeOnEachEngine('listTables and resetTables', (engine) => {
  const other = defineTable({ ...plain, name: 'dev_samples' })

  it('know their own tables from those of a longer prefix', async () => {
    await using opened = await openConnection(engine, [plain, other])
    const { connection } = opened
    const prefix = connection.tablePrefix
    expect(await listTables({ connection, tables: [plain] })).toStrictEqual({
      known: [`${prefix}_samples`],
      unknown: [`${prefix}_dev_samples`],
    })
  })

  it('lists through all pages', async () => {
    await using opened = await openConnection(engine, [plain, other])
    const { connection } = opened
    const small = {
      ...connection,
      tables: {
        ...connection.tables,
        listTables: (input: { ExclusiveStartTableName?: string | undefined }) =>
          connection.tables.listTables({ ...input, Limit: 1 }),
      },
    }
    const { known, unknown } = await listTables({ connection: small, tables: [plain] })
    expect([...known, ...unknown]).toHaveLength(2)
  })

  it('destroys nothing without the typed prefix, and only its own tables with it', async () => {
    await using opened = await openConnection(engine, [plain, other])
    const { connection } = opened
    const item = { pk: 'a', sk: 'b' }
    for (const table of [plain, other]) {
      await connection.documents.put({ TableName: `${connection.tablePrefix}_${table.name}`, Item: item })
    }
    const count = async (table: TableSpec): Promise<number> =>
      (await connection.documents.scan({ TableName: `${connection.tablePrefix}_${table.name}` })).Count ?? -1

    const typo = connection.tablePrefix.slice(0, -1)
    await expect(resetTables({ connection, tables: [plain], typedPrefix: typo })).rejects.toThrow(/^prefix: /)
    expect(await count(plain)).toBe(1)

    await resetTables({ connection, tables: [plain], typedPrefix: connection.tablePrefix })
    expect([await count(plain), await count(other)]).toStrictEqual([0, 1])
  })
})
