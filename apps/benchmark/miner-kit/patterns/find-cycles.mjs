import { joinPayments, transfersBy } from './read-transfers.mjs'

const LONGEST_REST_MS = 36 * 3_600_000
const MOST_HOPS = 8
const FEWEST_HOPS = 3
/** Fees take a little at each hop; the dollar value of a coin may rise a little meanwhile. */
const PASSED = { least: 0.94, most: 1.02 }
/** Of the first sum, what may come home: all of it is a debt that was settled. */
const MOST_BACK = 0.99
/** Accounts with more payments than this are businesses. */
const BUSY = 150

/** Money that is handed on, hop by hop, until it is back where it started, with a little lost on the way. */
export function findCycles(transfers) {
  const payments = joinPayments(transfers)
  const outgoing = transfersBy('from', payments)
  const found = []
  for (const first of payments) {
    const path = walkHome([first], outgoing)
    if (path === null || path.at(-1).usd > MOST_BACK * first.usd) continue
    found.push({
      pattern_type: 'cycle',
      addresses: path.map(({ from }) => from),
      transactions: path.flatMap(({ ids }) => ids),
      confidence: Math.min(0.95, 0.45 + 0.1 * path.length),
    })
  }
  return found
}

function walkHome(path, outgoing) {
  const home = path[0].from
  const last = path.at(-1)
  const next = outgoing.get(last.to) ?? []
  if (next.length > BUSY || last.to === home) return null
  for (const payment of next) {
    if (payment.ms <= last.ms || payment.ms > last.endMs + LONGEST_REST_MS) continue
    const share = payment.usd / last.usd
    if (share < PASSED.least || share > PASSED.most) continue
    if (payment.to === home) {
      if (path.length + 1 >= FEWEST_HOPS) return [...path, payment]
    } else if (path.length + 1 < MOST_HOPS && path.every(({ from }) => from !== payment.to)) {
      const whole = walkHome([...path, payment], outgoing)
      if (whole !== null) return whole
    }
  }
  return null
}
