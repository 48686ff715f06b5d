/** A point in time to the minute, in UTC, as tables show it: `2025-07-01 12:00`. */
export function utcMinute(at: Date): string {
  return at.toISOString().slice(0, 16).replace('T', ' ')
}
