import { PRICE_UNITS_PER_USD } from './money.ts'
import { Random } from './random/random.ts'

/** Index of the network's own token. */
export const NATIVE_ASSET = 0
/** Index of the dollar token, which is always worth one dollar. */
export const DOLLAR_ASSET = 1
const MS_PER_DAY = 86_400_000

/** Daily closing prices: they hold from midnight to midnight UTC, as in a table of prices by date. */
export class PriceWalk {
  readonly #startMs: number
  readonly #prices: Float64Array

  constructor(seed: string, startMs: number, days: number, startPrice: number) {
    const random = new Random(`${seed}/prices`)
    this.#startMs = startMs
    this.#prices = new Float64Array(days)
    let price = startPrice
    for (let day = 0; day < days; day++) {
      this.#prices[day] = price
      price = Math.max(100, Math.floor(random.logNormal(price, 0.018)))
    }
  }

  /** Price of an asset at a time within the window, in ten-thousandths of a dollar. */
  at(asset: number, timeMs: number): number {
    if (asset === DOLLAR_ASSET) return PRICE_UNITS_PER_USD
    return this.#prices[Math.floor((timeMs - this.#startMs) / MS_PER_DAY)] ?? PRICE_UNITS_PER_USD
  }

  /** What `cents` worth of an asset at one time are worth at another, in cents: the tokens stay, the price moves. */
  revalue(cents: number, asset: number, fromMs: number, toMs: number): number {
    return Math.floor((cents * this.at(asset, toMs)) / this.at(asset, fromMs))
  }
}
