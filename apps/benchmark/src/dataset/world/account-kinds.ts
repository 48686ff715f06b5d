/** What an account does. Its kind decides its traffic, and what a label may say of it. */
export const accountKinds = [
  'person',
  'deposit',
  'merchant',
  'employer',
  'service',
  'casino',
  'market_maker',
  'hot_wallet',
  'cold_wallet',
] as const
/** One of {@link accountKinds}. */
export type AccountKind = (typeof accountKinds)[number]

/** A run of account indexes of one kind: `[start, start + count)`. Indexes are internal and never written. */
export interface AccountRange {
  readonly start: number
  readonly count: number
}

/** Shares of all accounts, in ten-thousandths, with the least number; the rest are people. */
const shares: readonly (readonly [kind: AccountKind, share: number, least: number])[] = [
  ['deposit', 700, 6],
  ['merchant', 260, 5],
  ['employer', 40, 2],
  ['service', 20, 2],
  ['casino', 5, 1],
  ['market_maker', 20, 2],
]

/** One account for ten transfers, at least 120. */
export function accountCount(transfers: number): number {
  return Math.max(120, Math.round(transfers / 10))
}

/** Splits the accounts into kinds. Exchanges (one hot and one cold wallet each) grow with the square root. */
export function layOutAccounts(accounts: number): Readonly<Record<AccountKind, AccountRange>> {
  const exchanges = 2 + Math.floor(Math.sqrt(accounts) / 40)
  const counts = new Map<AccountKind, number>([
    ['hot_wallet', exchanges],
    ['cold_wallet', exchanges],
  ])
  for (const [kind, share, least] of shares)
    counts.set(kind, Math.max(least, Math.floor((accounts * share) / 10_000)))
  let others = 0
  for (const count of counts.values()) others += count
  counts.set('person', accounts - others)
  let start = 0
  const take = (kind: AccountKind): AccountRange => {
    const range = { start, count: counts.get(kind) ?? 0 }
    start += range.count
    return range
  }
  return {
    person: take('person'),
    deposit: take('deposit'),
    merchant: take('merchant'),
    employer: take('employer'),
    service: take('service'),
    casino: take('casino'),
    market_maker: take('market_maker'),
    hot_wallet: take('hot_wallet'),
    cold_wallet: take('cold_wallet'),
  }
}
