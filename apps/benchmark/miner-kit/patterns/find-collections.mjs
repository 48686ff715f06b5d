import { transfersBy } from './read-transfers.mjs'

const COLLECTED_WITHIN_MS = 10 * 3_600_000
const LEAVES_WITHIN_MS = 24 * 3_600_000
const FEWEST_PAYERS = 6
const MOST_PAYERS = 20
/** Who is paid more often than this is a shop or an exchange: a pot that goes there was spent. */
const BUSY = 60

/** Many who pay one account for the first time within hours, after which one payment takes nearly all of it away. */
export function findCollections(transfers) {
  const outgoing = transfersBy('from', transfers)
  const incoming = transfersBy('to', transfers)
  const found = []
  for (const [collector, payments] of incoming) {
    if (payments.length > BUSY) continue
    const times = new Map()
    for (const { from } of payments) times.set(from, (times.get(from) ?? 0) + 1)
    const firsts = payments.filter(({ from }) => times.get(from) === 1 && from !== collector)
    const collection = widest(firsts)
    if (collection.length < FEWEST_PAYERS || collection.length > MOST_PAYERS) continue
    const sum = collection.reduce((total, { usd }) => total + usd, 0)
    const last = collection.at(-1).ms
    const exits = (outgoing.get(collector) ?? []).filter(
      ({ ms, usd }) => ms > last && ms <= last + LEAVES_WITHIN_MS && usd > 0.25 * sum,
    )
    const left = exits.reduce((total, { usd }) => total + usd, 0)
    const exit = exits[0]?.to
    if (exit === undefined || exits.some(({ to }) => to !== exit)) continue
    if (left < 0.92 * sum || left > 1.01 * sum || incoming.get(exit).length > BUSY) continue
    found.push({
      pattern_type: 'motif_fanin',
      addresses: [...new Set([collector, exit, ...collection.map(({ from }) => from)])],
      confidence: Math.min(0.95, 0.4 + 0.05 * collection.length),
    })
  }
  return found
}

/** The run of payments, all within the time allowed, that has the most of them. */
function widest(payments) {
  let best = []
  let start = 0
  for (let end = 0; end < payments.length; end += 1) {
    while (payments[end].ms - payments[start].ms > COLLECTED_WITHIN_MS) start += 1
    if (end - start + 1 > best.length) best = payments.slice(start, end + 1)
  }
  return best
}
