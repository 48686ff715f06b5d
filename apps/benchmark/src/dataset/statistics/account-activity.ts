import { DAY_MS, HOUR_MS } from '../calendar.ts'
import { ActivitySide } from './activity-side.ts'

/** How a label speaks of an account: not at all, as of anybody, or as of one to stay away from. */
export const labelMarks = { none: 0, plain: 1, risky: 2 } as const

/** What one account did in the window, noted transfer by transfer. Amounts are whole cents. */
export class AccountActivity {
  readonly in = new ActivitySide()
  readonly out = new ActivitySide()
  /** Transfers by hour of the day, UTC. */
  readonly hourOfDay = new Uint32Array(24)
  /** One of {@link labelMarks}: of its own label. */
  readonly mark: number
  /** Transfers with others who have a label, and with those who have one to stay away from. */
  labelled = 0
  risky = 0
  weekend = 0
  firstMs = Infinity
  lastMs = 0
  /** The longest silence between two transfers. */
  gapMs = 0
  /** The most transfers that fell into one hour, clock hour by clock hour. */
  busiestHour = 0
  days = 0
  native = 0
  #hour = -1
  #inHour = 0
  #day = -1

  constructor(mark: number) {
    this.mark = mark
  }

  /** Notes one transfer on the side where this account stands; transfers come in the order of their hours. */
  note(
    direction: 'in' | 'out',
    other: number,
    otherMark: number,
    { cents, timeMs, asset }: Readonly<{ cents: number; timeMs: number; asset: number }>,
  ): void {
    this[direction].note(other, cents)
    const hour = Math.floor(timeMs / HOUR_MS)
    this.#inHour = hour === this.#hour ? this.#inHour + 1 : 1
    this.#hour = hour
    this.busiestHour = Math.max(this.busiestHour, this.#inHour)
    const day = Math.floor(timeMs / DAY_MS)
    if (day !== this.#day) this.days += 1
    this.#day = day
    const hourOfDay = hour % 24
    this.hourOfDay[hourOfDay] = (this.hourOfDay[hourOfDay] ?? 0) + 1
    // 1970 began on a Thursday.
    if ((day + 4) % 7 === 0 || (day + 4) % 7 === 6) this.weekend += 1
    if (asset === 0) this.native += 1
    if (otherMark !== labelMarks.none) this.labelled += 1
    if (otherMark === labelMarks.risky) this.risky += 1
    if (this.lastMs > 0) this.gapMs = Math.max(this.gapMs, timeMs - this.lastMs)
    this.firstMs = Math.min(this.firstMs, timeMs)
    this.lastMs = Math.max(this.lastMs, timeMs)
  }

  get count(): number {
    return this.in.count + this.out.count
  }

  get volume(): number {
    return this.in.sum + this.out.sum
  }
}
