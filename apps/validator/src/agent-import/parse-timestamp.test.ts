import { describe, expect, it } from 'vitest'

import { instantOf, optionalInstantOf, type DumpTimes } from './parse-timestamp.ts'
import { createWallClock } from './wall-clock.ts'

const now = new Date('2025-07-01T12:00:00.000Z')
const berlin: DumpTimes = { clock: createWallClock('Europe/Berlin'), now }

describe('instantOf', () => {
  it.each([
    ['2025-06-27 08:00:00', '2025-06-27T06:00:00.000Z'],
    ['2025-06-27T08:00:00.1', '2025-06-27T06:00:00.100Z'],
    ['2025-06-27 08:00:00.123999', '2025-06-27T06:00:00.123Z'],
    ['2025-06-27 08:00:00+00', '2025-06-27T08:00:00.000Z'],
    ['2025-06-27T08:00:00.5Z', '2025-06-27T08:00:00.500Z'],
    ['2025-06-27 08:00:00+05:30', '2025-06-27T02:30:00.000Z'],
    ['2025-06-27 08:00:00-0330', '2025-06-27T11:30:00.000Z'],
    // A minute's difference between two machines is no future.
    ['2025-07-01 14:01:00', '2025-07-01T12:01:00.000Z'],
  ])('reads %s', (text, instant) => {
    expect(instantOf('created_at', text, berlin).toISOString()).toBe(instant)
  })

  it.each([
    ['2025-02-29 08:00:00', /no time that exists/],
    ['2025-06-27 24:00:00', /no time that exists/],
    ['2025-06-27', /no time that exists/],
    ['infinity', /no time that exists/],
    ['0044-03-15 08:00:00 BC', /no time that exists/],
    [1_751_000_000, /no time that exists/],
    ['', /is empty/],
    [null, /is empty/],
    ['2025-07-01 14:01:00.001', /lies after 2025-07-01T12:00:00.000Z/],
    ['2025-03-30 02:30:00', /never was in Europe\/Berlin/],
  ])('refuses %j', (value, why) => {
    expect(() => instantOf('created_at', value, berlin)).toThrow(why)
  })

  it('takes nothing for nothing where it may be missing', () => {
    expect(optionalInstantOf('started_at', null, berlin)).toBeNull()
    expect(optionalInstantOf('started_at', '', berlin)).toBeNull()
  })
})
