/** Decimals of `amount` and `fee`: millionths of one token. */
export const TOKEN_DECIMALS = 6
/** Decimals of `amount_usd`: cents. */
export const USD_DECIMALS = 2
/** The dearest single transfer: ten million dollars. It keeps every product below 2^53, hence exact. */
export const MAX_CENTS = 1_000_000_000
/** The smallest transfer: one dollar, so that no asset rounds it to nothing. */
export const MIN_CENTS = 100
/** Prices are whole ten-thousandths of a dollar per token, and at least one cent. */
export const PRICE_UNITS_PER_USD = 10_000

/** Millionths of a token worth `cents` at `price` (ten-thousandths of a dollar), rounded down; whole numbers throughout. */
export function tokensForCents(cents: number, price: number): number {
  const scaled = cents * 1_000_000
  const hundreds = Math.floor(scaled / price)
  return hundreds * 100 + Math.floor(((scaled % price) * 100) / price)
}

/** A whole number of minor units (≥ 0, < 2^53) as exact decimal text with all its decimals: `1.500000`. */
export function decimalText(minorUnits: number, decimals: number): string {
  const digits = minorUnits.toString().padStart(decimals + 1, '0')
  const point = digits.length - decimals
  return `${digits.slice(0, point)}.${digits.slice(point)}`
}
