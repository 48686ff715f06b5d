import type { Calendar } from './calendar.ts'
import { HOUR_MS } from './calendar.ts'
import { MAX_CENTS, MIN_CENTS } from './money.ts'
import { NOT_PLANTED, TransferBuffer } from './transfer-buffer.ts'

/**
 * Transfers that are known to happen, kept by hour until their hour comes. Memory holds the planted transfers and the
 * follow-ups of ordinary ones (a sweep, a payout), never the whole stream.
 */
export class Agenda {
  readonly #calendar: Calendar
  readonly #hours = new Map<number, TransferBuffer>()
  readonly #spare: TransferBuffer[] = []
  #plantedAhead = 0

  constructor(calendar: Calendar) {
    this.#calendar = calendar
  }

  /** Planted transfers whose hour has not been taken yet. */
  get plantedAhead(): number {
    return this.#plantedAhead
  }

  /**
   * Notes one ordinary transfer. It is left out when it would pay oneself, move less than a dollar, or fall outside
   * the window; amounts above the limit of {@link MAX_CENTS} are cut to it.
   */
  add(from: number, to: number, cents: number, timeMs: number, asset: number): void {
    const amount = Math.min(MAX_CENTS, Math.floor(cents))
    if (
      from === to ||
      amount < MIN_CENTS ||
      timeMs < this.#calendar.startMs ||
      timeMs >= this.#calendar.endMs
    )
      return
    this.#bucket(timeMs).push(from, to, amount, timeMs, asset, NOT_PLANTED)
  }

  /** Notes one planted transfer, already checked, under its index in the plan. */
  plant(from: number, to: number, cents: number, timeMs: number, asset: number, step: number): void {
    this.#bucket(timeMs).push(from, to, cents, timeMs, asset, step)
    this.#plantedAhead += 1
  }

  /** How many transfers wait in an hour. */
  waiting(hour: number): number {
    return this.#hours.get(hour)?.length ?? 0
  }

  /** Hands out an hour's transfers; give the buffer back with {@link Agenda.release}. */
  take(hour: number): TransferBuffer {
    const buffer = this.#hours.get(hour) ?? new TransferBuffer()
    this.#hours.delete(hour)
    for (let row = 0; row < buffer.length; row++)
      if ((buffer.step[row] ?? NOT_PLANTED) !== NOT_PLANTED) this.#plantedAhead -= 1
    return buffer
  }

  /** Takes a used buffer back, so that its memory serves a later hour. */
  release(buffer: TransferBuffer): void {
    buffer.length = 0
    if (this.#spare.length < 4) this.#spare.push(buffer)
  }

  #bucket(timeMs: number): TransferBuffer {
    const hour = Math.floor((timeMs - this.#calendar.startMs) / HOUR_MS)
    const known = this.#hours.get(hour)
    if (known !== undefined) return known
    const buffer = this.#spare.pop() ?? new TransferBuffer()
    this.#hours.set(hour, buffer)
    return buffer
  }
}
