import { describe, expect, it } from 'vitest'

import { buildByLoop, createRowReader, rowToDict } from './row-reader.ts'

describe('rowToDict', () => {
  it('pairs values with names and leaves the values alone', () => {
    const when = new Date('2025-08-01T00:00:00.345Z')
    const json = { snake_key: { inner_key: undefined } }
    const row = rowToDict(
      [18_446_744_073_709_551_615n, '0.10', when, null, json],
      ['id', 'amount', 'when', 'none', 'json'],
    )
    expect(row).toEqual({ id: 18_446_744_073_709_551_615n, amount: '0.10', when, none: null, json })
    expect(row.when).toBe(when)
    expect(row.json).toBe(json)
    expect(Object.keys(row)).toEqual(['id', 'amount', 'when', 'none', 'json'])
  })

  it.each([
    [['a'], 'no value for y'],
    [['a', 'b', 'c'], 'more values than names up to y'],
    [[], 'no value for x'],
  ])('throws on %j for two fields', (values, message) => {
    expect(() => rowToDict(values, ['x', 'y'], 7)).toThrowError(
      expect.objectContaining({
        name: 'StorageError',
        code: 'corrupt_row',
        message: expect.stringContaining(message),
      }),
    )
    expect(() => rowToDict(values, ['x', 'y'], 7)).toThrow(/^row 7 has/)
  })

  it('throws on duplicate names and on no names', () => {
    expect(() => createRowReader(['x', 'y', 'x'])).toThrowError(
      expect.objectContaining({ code: 'bad_query', message: expect.stringContaining('"x" appears twice') }),
    )
    expect(() => rowToDict([1, 2], ['x', 'x'])).toThrow(/twice/)
    expect(() => createRowReader([])).toThrow(/at least one field/)
  })

  it('notices a field list that was changed in place', () => {
    const fields = ['x', 'y']
    expect(rowToDict([1, 2], fields)).toEqual({ x: 1, y: 2 })
    fields[1] = 'z'
    expect(rowToDict([1, 2], fields)).toEqual({ x: 1, z: 2 })
    fields[1] = 'x'
    expect(() => rowToDict([1, 2], fields)).toThrow(/twice/)
  })

  it('treats hostile names as plain names', () => {
    const names = ['__proto__', 'constructor', '"]; throw 1; ["', 'a\u2028b', '\\', '${x}', 'toString']
    const values = names.map((_name, index) => index)
    for (const row of [createRowReader(names)(values), buildByLoop(names)(values)]) {
      expect(Object.keys(row)).toEqual(names)
      expect(Object.values(row)).toEqual(values)
      expect(Object.getPrototypeOf(row)).toBe(Object.prototype)
    }
  })

  it('builds the same rows where the runtime forbids code from strings', () => {
    const allowed = globalThis.Function
    globalThis.Function = new Proxy(allowed, {
      construct() {
        throw new EvalError('Code generation from strings disallowed for this context')
      },
    })
    try {
      const read = createRowReader(['a', '__proto__', 'b'])
      expect(Object.entries(read([1, 2, null]))).toEqual([
        ['a', 1],
        ['__proto__', 2],
        ['b', null],
      ])
    } finally {
      globalThis.Function = allowed
    }
  })
})
