import { MAX_CLOCK_SKEW_MS } from '@subnetkit/core'

import { RowProblem } from './row-problem.ts'
import type { WallClock } from './wall-clock.ts'

/** How times of a dump are read. */
export interface DumpTimes {
  /** Of the host that wrote times without a zone. */
  readonly clock: WallClock
  /** When the import began: nothing lies after it. */
  readonly now: Date
}

const stamp =
  /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d(?::?\d\d)?(?::\d\d)?)?$/

/**
 * A time that must be there, to the millisecond: what is finer is cut off.
 *
 * @throws RowProblem for a text that is no time, one that clocks jumped over, and one that has not come yet.
 */
export function instantOf(field: string, value: unknown, times: DumpTimes): Date {
  const instant = optionalInstantOf(field, value, times)
  if (instant === null) throw problem(field, value, 'is empty', 'give the time')
  return instant
}

/** The same, or null where it is missing. */
export function optionalInstantOf(field: string, value: unknown, { clock, now }: DumpTimes): Date | null {
  if (value === null || value === '') return null
  const ms = typeof value === 'string' ? readStamp(field, value, clock) : null
  if (ms === null) {
    throw problem(
      field,
      value,
      'is no time that exists',
      'write it as 2025-06-27 08:00:00, with an offset or without',
    )
  }
  if (ms <= now.getTime() + MAX_CLOCK_SKEW_MS) return new Date(ms)
  const wayOut = `correct it, or the --time-zone of the host that wrote it (${clock.zone})`
  throw problem(field, value, `lies after ${now.toISOString()}`, wayOut)
}

function readStamp(field: string, text: string, clock: WallClock): number | null {
  const found = stamp.exec(text)
  if (found === null) return null
  const [, year, month, day, hour, minute, second, fraction = '', zone] = found
  const wall = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    Number(fraction.slice(0, 3).padEnd(3, '0')),
  )
  const isReal =
    Number(year) >= 1970 && new Date(wall).toISOString().startsWith(text.slice(0, 19).replace(' ', 'T'))
  if (!isReal) return null
  if (zone !== undefined) return wall - offsetMs(zone)
  const time = clock.read(wall)
  if (time.kind === 'instant') return time.ms
  throw problem(
    field,
    text,
    `never was in ${clock.zone}: clocks jumped over it`,
    'give the --time-zone of the host that wrote it, or the time with its offset',
  )
}

function offsetMs(zone: string): number {
  if (zone === 'Z') return 0
  const digits = zone.replaceAll(':', '')
  const part = (at: number): number => Number(digits.slice(at, at + 2) || '0')
  const length = part(1) * 3_600_000 + part(3) * 60_000 + part(5) * 1_000
  return digits.startsWith('-') ? -length : length
}

function problem(field: string, value: unknown, why: string, wayOut: string): RowProblem {
  return new RowProblem({ field, value, why, wayOut })
}
