import { type UtcDate, utcDateSchema } from '@subnetkit/core'

const DAY_MS = 86_400_000

function startOf(date: string): number {
  return Date.parse(`${date}T00:00:00.000Z`)
}

/** The day `days` after a day; before it where `days` is negative. @throws ZodError beyond the years 1970–2149. */
export function addDays(date: string, days: number): UtcDate {
  return utcDateSchema.parse(new Date(startOf(date) + days * DAY_MS).toISOString().slice(0, 10))
}

/** Days from one day to another: 0 for the same day, negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((startOf(to) - startOf(from)) / DAY_MS)
}

/** All days from one to another, both included; none when `to` is earlier. */
export function daysFrom(from: string, to: string): readonly UtcDate[] {
  const days = daysBetween(from, to)
  return Array.from({ length: Math.max(0, days + 1) }, (_, at) => addDays(from, at))
}
