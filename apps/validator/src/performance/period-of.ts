import {
  ALL_TIME_END,
  ALL_TIME_START,
  InputError,
  type PerformancePeriod,
  type PeriodType,
} from '@subnetkit/core'

const DAY_MS = 86_400_000

/**
 * The period of a type that an instant lies in, in UTC: days from midnight, ISO weeks from Monday, calendar months.
 * Periods are half-open, so midnight belongs to the day that begins. @throws InputError for a time outside 1970–2099.
 */
export function periodOf(type: PeriodType, now: Date): PerformancePeriod {
  if (!(now >= ALL_TIME_START && now < ALL_TIME_END)) {
    throw new InputError({
      field: 'now',
      value: Number.isNaN(now.getTime()) ? 'an invalid date' : now,
      problem: 'is not in the years 1970–2099',
      hint: 'give the time of the period',
    })
  }
  if (type === 'all_time') return { type, start: ALL_TIME_START, end: ALL_TIME_END }
  const year = now.getUTCFullYear()
  const month = now.getUTCMonth()
  if (type === 'monthly') return between(type, Date.UTC(year, month), Date.UTC(year, month + 1))
  const midnight = Date.UTC(year, month, now.getUTCDate())
  if (type === 'daily') return between(type, midnight, midnight + DAY_MS)
  const daysSinceMonday = (now.getUTCDay() + 6) % 7
  const monday = midnight - daysSinceMonday * DAY_MS
  return between(type, monday, monday + 7 * DAY_MS)
}

function between(type: PeriodType, start: number, end: number): PerformancePeriod {
  return { type, start: new Date(start), end: new Date(end) }
}
