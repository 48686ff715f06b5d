import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import {
  changeItem,
  defineTable,
  getItem,
  NumberValue,
  putItem,
  updateItem,
  type DynamoConnection,
  type Item,
  type ItemChange,
} from '../src/index.ts'
import { describeOnEachEngine } from './engine.ts'
import { openConnection, type TestConnection } from './open-connection.ts'

const table = defineTable({
  name: 'things',
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: null,
  indexes: [],
  expiryAttribute: null,
})

describeOnEachEngine('updateItem', (engine) => {
  let opened: TestConnection
  let connection: DynamoConnection
  let items = 0
  const newKey = (): { pk: string } => ({ pk: `p${(items += 1)}` })
  const change = (key: Item, wanted: ItemChange): Promise<Item> =>
    updateItem({ connection, table, key, change: wanted })

  beforeAll(async () => {
    opened = await openConnection(engine, [table])
    connection = opened.connection
  })
  afterAll(async () => {
    await opened.close()
  })

  describe('sets', () => {
    it('take members in and out, each once however often it is asked', async () => {
      const key = newKey()
      await change(key, { addToSets: { names: new Set(['a', 'b']) } })
      await change(key, { addToSets: { names: new Set(['b', 'c']) } })
      expect((await change(key, { addToSets: { names: new Set(['b']) } }))['names']).toStrictEqual(
        new Set(['a', 'b', 'c']),
      )
      const left = await change(key, { removeFromSets: { names: new Set(['a', 'never there']) } })
      expect(left['names']).toStrictEqual(new Set(['b', 'c']))
    })

    it('vanish with their last member, and come back with the next', async () => {
      const key = newKey()
      await change(key, { addToSets: { names: new Set(['a']) } })
      expect(await change(key, { removeFromSets: { names: new Set(['a']) } })).toStrictEqual(key)
      expect(await change(key, { removeFromSets: { names: new Set(['a']) } })).toStrictEqual(key)
      const again = await change(key, { addToSets: { names: new Set(['z']) } })
      expect(again['names']).toStrictEqual(new Set(['z']))
    })

    it('keep numbers exactly, and give them as exact text', async () => {
      const key = newKey()
      const wide = 12345678901234567890123456789012345678n
      await change(key, { addToSets: { ids: new Set([0, 999_999_999_999]), wide: new Set([wide]) } })
      const item = await change(key, { addToSets: { ids: new Set([0, 7]) } })
      const texts = (value: unknown): readonly string[] =>
        value instanceof Set ? [...value].map(String).sort() : []
      expect(texts(item['ids'])).toStrictEqual(['0', '7', '999999999999'])
      expect(item['wide']).toStrictEqual(new Set([NumberValue.from(wide)]))
      await putItem({ connection, table, item })
      expect(await getItem({ connection, table, key })).toStrictEqual(item)
    })

    it('lose nothing to writers at the same time', async () => {
      const key = newKey()
      await Promise.all(
        Array.from({ length: 16 }, (_, id) =>
          changeItem({ connection, table, key, change: { addToSets: { ids: new Set([id]) } } }),
        ),
      )
      const item = await getItem({ connection, table, key })
      expect(item?.['ids']).toHaveProperty('size', 16)
    })

    it.each<readonly [string, ItemChange, string]>([
      ['an empty set', { addToSets: { ids: new Set<number>() } }, 'invalid_input'],
      ['NaN', { addToSets: { ids: new Set([Number.NaN]) } }, 'invalid_input'],
      ['a set and a value under one name', { set: { a: 1 }, addToSets: { a: new Set([1]) } }, 'bad_query'],
      [
        'adding and removing under one name',
        { addToSets: { a: new Set([1]) }, removeFromSets: { a: new Set([2]) } },
        'bad_query',
      ],
      ['texts into numbers', { addToSets: { ids: new Set(['x']) } }, 'bad_query'],
    ])('refuse %s', async (_name, wanted, code) => {
      const key = newKey()
      await change(key, { addToSets: { ids: new Set([1]) } })
      await expect(change(key, wanted)).rejects.toMatchObject({ code })
      expect(await getItem({ connection, table, key })).toStrictEqual({
        ...key,
        ids: new Set([NumberValue.from(1)]),
      })
    })
  })

  it('sets what is absent, and leaves what is there, null too', async () => {
    const key = newKey()
    await putItem({ connection, table, item: { ...key, since: 'long ago', nothing: null } })
    const wanted = { set: { why: 'new' }, setIfAbsent: { since: 'now', nothing: 'now', fresh: 'now' } }
    expect(await change(key, wanted)).toStrictEqual({
      ...key,
      why: 'new',
      since: 'long ago',
      nothing: null,
      fresh: 'now',
    })
  })

  it('changes without an answer', async () => {
    const key = newKey()
    const answer: unknown = await changeItem({ connection, table, key, change: { set: { a: 'b' } } })
    expect(answer).toBeUndefined()
    expect(await getItem({ connection, table, key })).toStrictEqual({ ...key, a: 'b' })
    await expect(changeItem({ connection, table, key, change: {} })).rejects.toMatchObject({
      code: 'bad_query',
    })
  })
})
