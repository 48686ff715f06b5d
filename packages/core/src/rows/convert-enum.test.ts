import { describe, expect, it } from 'vitest'

import { convertEnum, convertNullableEnum } from './convert-enum.ts'

const severities = { LOW: 1, MEDIUM: 2, HIGH: 3, CRITICAL: 4, UNKNOWN: -1 } as const

describe('convertEnum', () => {
  it.each([
    ['HIGH', 'HIGH'],
    [3, 'HIGH'],
    [3n, 'HIGH'],
    ['3', 'HIGH'],
    ['high', 'HIGH'],
    ['HiGh', 'HIGH'],
    ['-1', 'UNKNOWN'],
  ])('reads %s as %s', (value, expected) => {
    expect(convertEnum(severities, value)).toBe(expected)
  })

  it.each([
    null,
    undefined,
    0,
    5,
    1.5,
    Number.NaN,
    '',
    '5',
    ' HIGH',
    '1e0',
    'toString',
    '__proto__',
    true,
    {},
    ['HIGH'],
  ])('refuses %j and lists what is allowed', (value) => {
    expect(() => convertEnum(severities, value, 'severity')).toThrowError(
      expect.objectContaining({
        name: 'InputError',
        field: 'severity',
        hint: 'use LOW (1), MEDIUM (2), HIGH (3), CRITICAL (4), UNKNOWN (-1)',
      }),
    )
  })

  it('refuses a name that fits two members in another case, but takes the exact one', () => {
    const tricky = { a: 1, A: 2, b: 3 } as const
    expect(convertEnum(tricky, 'A')).toBe('A')
    expect(convertEnum(tricky, 'B')).toBe('b')
    const both = { ab: 1, aB: 2 } as const
    expect(() => convertEnum(both, 'AB', 'kind')).toThrow(/^kind: .*several members/)
  })

  it('keeps null only where null is allowed', () => {
    expect(convertNullableEnum(severities, null)).toBeNull()
    expect(convertNullableEnum(severities, 'low')).toBe('LOW')
    expect(() => convertNullableEnum(severities, undefined)).toThrow(/allowed/)
  })
})
