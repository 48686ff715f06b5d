const RETURNS_WITHIN_MS = 24 * 3_600_000
const FEWEST_TURNS = 5

/** Two wallets that send about the same sum to and fro, each return soon after the last. */
export function findTrades(transfers) {
  const rallies = new Map()
  for (const { from, to, ms, usd } of transfers) {
    const pair = from < to ? `${from} ${to}` : `${to} ${from}`
    const rally = rallies.get(pair)
    const isReturn =
      rally !== undefined &&
      rally.last.to === from &&
      ms - rally.last.ms <= RETURNS_WITHIN_MS &&
      Math.abs(usd / rally.first - 1) <= 0.08
    if (isReturn) rally.turns += 1
    else if (rally === undefined || rally.turns < FEWEST_TURNS) {
      rallies.set(pair, { first: usd, last: { to, ms }, turns: 1 })
      continue
    } else continue
    rally.last = { to, ms }
  }
  return [...rallies]
    .filter(([, { turns }]) => turns >= FEWEST_TURNS)
    .map(([pair, { turns }]) => ({
      pattern_type: 'wash_trading',
      addresses: pair.split(' '),
      confidence: Math.min(0.99, 0.7 + 0.03 * turns),
    }))
}
