import { Random } from './random/random.ts'

/** One hour in milliseconds. */
export const HOUR_MS = 3_600_000
/** One day in milliseconds. */
export const DAY_MS = 86_400_000

/** Traffic by hour of the day, UTC: a quiet night, a noon plateau, an evening peak. */
const byHour = [
  34, 25, 19, 16, 15, 18, 26, 40, 58, 72, 80, 84, 86, 85, 87, 90, 92, 94, 98, 100, 95, 82, 64, 48,
]
/** Traffic by weekday, Sunday first as in Date. */
const byWeekday = [68, 98, 100, 102, 101, 108, 80]

/** The window of a dataset, `[start, end)`, and how busy each of its hours is. */
export class Calendar {
  readonly startMs: number
  readonly endMs: number
  readonly hours: number
  readonly days: number
  readonly #cumulative: Float64Array

  constructor(seed: string, endMs: number, days: number) {
    this.endMs = endMs
    this.days = days
    this.startMs = endMs - days * DAY_MS
    this.hours = days * 24
    this.#cumulative = new Float64Array(this.hours + 1)
    const random = new Random(`${seed}/calendar`)
    let dayNoise = 100
    for (let hour = 0; hour < this.hours; hour++) {
      if (hour % 24 === 0) dayNoise = random.between(88, 112)
      const weight = this.hourWeight(this.startMs + hour * HOUR_MS) * dayNoise
      this.#cumulative[hour + 1] = (this.#cumulative[hour] ?? 0) + weight
    }
  }

  /** How busy the hour around a time is: whole number, at most 10,800. */
  hourWeight(timeMs: number): number {
    const date = new Date(timeMs)
    return (byHour[date.getUTCHours()] ?? 50) * (byWeekday[date.getUTCDay()] ?? 100)
  }

  /** How many of `total` transfers should have happened by the end of an hour (0-based). */
  quota(total: number, hour: number): number {
    const share = (this.#cumulative[hour + 1] ?? 0) / (this.#cumulative[this.hours] ?? 1)
    return hour + 1 === this.hours ? total : Math.floor(total * share)
  }

  /** A time at which people are likely to be awake: moves a time on by hours while a busy-hour test fails. */
  awake(random: Random, timeMs: number): number {
    let time = timeMs
    for (let tries = 0; tries < 6; tries++) {
      if (random.unit() * 8_000 < this.hourWeight(time)) return time
      time += Math.floor(random.range(0.4, 2.2) * HOUR_MS)
    }
    return time
  }

  /** The same span, shortened where the window is too short to hold it: at most 35 % of the window. */
  fit(spanMs: number): number {
    return Math.min(spanMs, Math.floor((this.endMs - this.startMs) * 0.35))
  }
}
