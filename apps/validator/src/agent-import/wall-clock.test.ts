import { describe, expect, it } from 'vitest'

import { createWallClock } from './wall-clock.ts'

const wall = (text: string): number => Date.parse(`${text}Z`)
const shown = (zone: string, text: string): string => {
  const time = createWallClock(zone).read(wall(text))
  return time.kind === 'skipped' ? 'skipped' : new Date(time.ms).toISOString()
}

describe('createWallClock', () => {
  it.each([
    ['UTC', '2025-07-01T12:00:00.123', '2025-07-01T12:00:00.123Z'],
    ['Europe/Berlin', '2025-07-01T12:00:00.123', '2025-07-01T10:00:00.123Z'],
    ['Europe/Berlin', '2025-01-01T12:00:00', '2025-01-01T11:00:00.000Z'],
    ['America/New_York', '2025-06-27T08:00:00', '2025-06-27T12:00:00.000Z'],
    ['Asia/Kolkata', '2025-06-27T05:30:00', '2025-06-27T00:00:00.000Z'],
    ['Pacific/Kiritimati', '2025-06-27T05:00:00', '2025-06-26T15:00:00.000Z'],
  ])('reads %s %s', (zone, text, instant) => {
    expect(shown(zone, text)).toBe(instant)
  })

  it('knows the hour that clocks jump over, to the minute', () => {
    expect(shown('Europe/Berlin', '2025-03-30T01:59:59.999')).toBe('2025-03-30T00:59:59.999Z')
    expect(shown('Europe/Berlin', '2025-03-30T02:00:00')).toBe('skipped')
    expect(shown('Europe/Berlin', '2025-03-30T02:59:59')).toBe('skipped')
    expect(shown('Europe/Berlin', '2025-03-30T03:00:00')).toBe('2025-03-30T01:00:00.000Z')
    // Half an hour only.
    expect(shown('Australia/Lord_Howe', '2025-10-05T02:15:00')).toBe('skipped')
    expect(shown('Australia/Lord_Howe', '2025-10-05T02:30:00')).toBe('2025-10-04T15:30:00.000Z')
  })

  it('takes the first of two equal times', () => {
    expect(shown('Europe/Berlin', '2025-10-26T01:59:59')).toBe('2025-10-25T23:59:59.000Z')
    expect(shown('Europe/Berlin', '2025-10-26T02:30:00')).toBe('2025-10-26T00:30:00.000Z')
    expect(shown('Europe/Berlin', '2025-10-26T03:00:00')).toBe('2025-10-26T02:00:00.000Z')
    expect(shown('America/New_York', '2025-11-02T01:30:00')).toBe('2025-11-02T05:30:00.000Z')
  })

  it('leads back to what the place shows, for every half hour of a year', () => {
    const zone = 'America/New_York'
    const clock = createWallClock(zone)
    const there = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
    let skipped = 0
    for (let at = wall('2025-01-01T00:00:00'); at < wall('2026-01-01T00:00:00'); at += 1_800_000) {
      const time = clock.read(at)
      if (time.kind === 'skipped') skipped += 1
      else expect(there.format(time.ms)).toBe(new Date(at).toISOString().slice(0, 16).replace('T', ' '))
    }
    expect(skipped).toBe(2)
  })

  it.each(['Mars/Olympus', '', 'utc+nonsense'])('refuses the zone %j', (zone) => {
    expect(() => createWallClock(zone)).toThrow(/--time-zone: .* is not a time zone; give one such as/)
  })
})
