import { transfersBy } from './read-transfers.mjs'

const LIMITS = [1_000, 2_000, 3_000, 5_000, 10_000]
const WITHIN_MS = 7 * 24 * 3_600_000
const FEWEST_PARTS = 5
const MOST_RECEIVERS = 3

/** One payer who sends many sums of different size, each a little below the same round limit, to a few. */
export function findSplits(transfers) {
  const found = []
  for (const [payer, payments] of transfersBy('from', transfers)) {
    for (const limit of LIMITS) {
      const near = payments.filter(({ usd }) => usd >= 0.86 * limit && usd < 0.998 * limit)
      if (near.length < FEWEST_PARTS || near.length > 14) continue
      const receivers = new Set(near.map(({ to }) => to))
      const isQuick = near.at(-1).ms - near[0].ms <= WITHIN_MS
      const isVaried = new Set(near.map(({ usd }) => Math.round(usd))).size >= 0.8 * near.length
      if (!isQuick || !isVaried || receivers.size > MOST_RECEIVERS) continue
      found.push({
        pattern_type: 'threshold_evasion',
        addresses: [payer, ...receivers],
        confidence: Math.min(0.9, 0.5 + 0.04 * near.length),
      })
    }
  }
  return found
}
