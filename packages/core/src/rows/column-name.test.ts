import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import * as core from '../index.ts'
import { toColumn, toField } from './column-name.ts'

describe('toColumn and toField', () => {
  it.each([
    ['hotkey', 'hotkey'],
    ['processingDate', 'processing_date'],
    ['khop1Count', 'khop1_count'],
    ['latenciesMsTotal', 'latencies_ms_total'],
    ['precisionAtRecall_80', 'precision_at_recall_80'],
    ['_version', '_version'],
    ['_rowVersion', '_row_version'],
    ['aB', 'a_b'],
    ['xY1Z2', 'x_y1_z2'],
  ])('pairs %s with %s', (field, column) => {
    expect(toColumn(field)).toBe(column)
    expect(toField(column)).toBe(field)
  })

  it.each(['', 'Hotkey', 'a_b', 'a__b', 'a_', 'a-b', 'é', 'a b', '1a', '__a', 'a;drop'])(
    'refuses the field %j',
    (field) => {
      expect(() => toColumn(field)).toThrow(/camelCase/)
    },
  )

  it.each(['', 'Hotkey', 'aB', 'a__b', 'a_', '__a', 'a-b', '1a', 'a b'])(
    'refuses the column %j',
    (column) => {
      expect(() => toField(column)).toThrow(/snake_case/)
    },
  )

  it('is a bijection on any accepted name', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9]{0,4}$/)
    const part = fc.stringMatching(/^[a-z0-9]{1,4}$/)
    fc.assert(
      fc.property(fc.constantFrom('', '_'), word, fc.array(part, { maxLength: 4 }), (lead, first, rest) => {
        const column = lead + [first, ...rest].join('_')
        expect(toColumn(toField(column))).toBe(column)
      }),
    )
    const capital = fc.stringMatching(/^[A-Z][a-z0-9]{0,4}$/)
    fc.assert(
      fc.property(word, fc.array(capital, { maxLength: 4 }), (first, rest) => {
        const field = first + rest.join('')
        expect(toField(toColumn(field))).toBe(field)
      }),
    )
  })

  it('maps the fields of every model of this package one to one', () => {
    const shapes = Object.entries(core).flatMap(([name, value]) =>
      typeof value === 'object' &&
      value !== null &&
      'shape' in value &&
      typeof value.shape === 'object' &&
      value.shape
        ? [{ name, fields: Object.keys(value.shape) }]
        : [],
    )
    expect(shapes.length).toBeGreaterThan(5)
    for (const { name, fields } of shapes) {
      const columns = fields.map(toColumn)
      expect({ name, distinct: new Set(columns).size }).toEqual({ name, distinct: fields.length })
      expect(columns.map(toField)).toEqual(fields)
    }
  })
})
