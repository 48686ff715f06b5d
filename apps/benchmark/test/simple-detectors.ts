import { DAY_MS, HOUR_MS } from '../src/dataset/calendar.ts'
import type { StreamedTransfer } from './stream.ts'

/** What a simple detector found: accounts of one suspected pattern. */
export interface Finding {
  readonly patternType: string
  readonly accounts: readonly number[]
}

/** Looks at transfers in time order and nothing else: no truth, no labels. */
export type SimpleDetector = (transfers: readonly StreamedTransfer[]) => readonly Finding[]

/** More counterparties than this make a hub, which is no step of anything. */
const HUB = 60

function groupBy(
  transfers: readonly StreamedTransfer[],
  side: 'from' | 'to',
): ReadonlyMap<number, readonly StreamedTransfer[]> {
  const groups = new Map<number, StreamedTransfer[]>()
  for (const transfer of transfers) {
    const known = groups.get(transfer[side])
    if (known === undefined) groups.set(transfer[side], [transfer])
    else known.push(transfer)
  }
  return groups
}

function withoutHubs(transfers: readonly StreamedTransfer[]): readonly StreamedTransfer[] {
  const degree = new Map<number, number>()
  for (const { from, to } of transfers)
    for (const account of [from, to]) degree.set(account, (degree.get(account) ?? 0) + 1)
  return transfers.filter(({ from, to }) => (degree.get(from) ?? 0) <= HUB && (degree.get(to) ?? 0) <= HUB)
}

/** Transfers of one pair within six hours count as one payment, made when its last part moved. */
function joinParts(transfers: readonly StreamedTransfer[]): readonly StreamedTransfer[] {
  const open = new Map<string, StreamedTransfer>()
  const joined: StreamedTransfer[] = []
  for (const transfer of transfers) {
    const key = `${transfer.from} ${transfer.to}`
    const before = open.get(key)
    const isPart = before !== undefined && transfer.timeMs - before.timeMs < 6 * HOUR_MS
    if (before !== undefined && !isPart) joined.push(before)
    open.set(key, isPart ? { ...transfer, cents: before.cents + transfer.cents } : transfer)
  }
  return [...joined, ...open.values()]
}

/** Money that goes round, over three to eight people within two days each, and comes back nearly whole. */
export const findCycles: SimpleDetector = (transfers) => {
  const among = joinParts(withoutHubs(transfers)).filter(({ cents }) => cents > 15_000)
  const sent = groupBy(among, 'from')
  const found = new Map<string, Finding>()
  const follow = (path: readonly StreamedTransfer[]): void => {
    const [first] = path
    const last = path.at(-1)
    if (first === undefined || last === undefined || path.length > 8) return
    for (const next of sent.get(last.to) ?? []) {
      const delay = next.timeMs - last.timeMs
      const share = next.cents / last.cents
      if (delay <= 0 || delay > 2 * DAY_MS || share < 0.9 || share > 1.03) continue
      if (next.to === first.from && path.length >= 2) {
        const accounts = [...new Set([...path, next].map(({ from }) => from))].sort((a, b) => a - b)
        if (accounts.length >= 3) found.set(accounts.join(' '), { patternType: 'cycle', accounts })
      } else if (!path.some(({ from }) => from === next.to)) follow([...path, next])
    }
  }
  for (const transfer of among) follow([transfer])
  return [...found.values()]
}

/** Six or more who pay one within nine hours, most of which leaves to one within two days. */
export const findFanIns: SimpleDetector = (transfers) => {
  const among = withoutHubs(transfers)
  const sent = groupBy(among, 'from')
  const found: Finding[] = []
  for (const [collector, all] of groupBy(among, 'to')) {
    for (const [start, first] of all.entries()) {
      const burst = all.slice(start).filter(({ timeMs }) => timeMs - first.timeMs <= 9 * HOUR_MS)
      const payers = new Set(burst.map(({ from }) => from))
      if (payers.size < 6) continue
      const pot = burst.reduce((sum, { cents }) => sum + cents, 0)
      const end = burst.at(-1)?.timeMs ?? 0
      const left = new Map<number, number>()
      for (const { to, cents, timeMs } of sent.get(collector) ?? [])
        if (timeMs > end && timeMs < end + 2 * DAY_MS) left.set(to, (left.get(to) ?? 0) + cents)
      const exit = [...left].find(([, cents]) => cents > 0.88 * pot && cents < 1.03 * pot)
      if (exit === undefined) continue
      found.push({ patternType: 'motif_fanin', accounts: [...new Set([collector, exit[0], ...payers])] })
      break
    }
  }
  return found
}

/** Five or more unequal sums just below the same limit, from one to at most three others. */
export const findThresholdEvasion: SimpleDetector = (transfers) => {
  const found: Finding[] = []
  for (const [payer, all] of groupBy(withoutHubs(transfers), 'from')) {
    for (const limit of [100_000, 200_000, 300_000, 500_000, 1_000_000]) {
      const near = all.filter(({ cents }) => cents >= 0.86 * limit && cents < limit)
      const payees = [...new Set(near.map(({ to }) => to))]
      const amounts = new Set(near.map(({ cents }) => cents))
      const span = (near.at(-1)?.timeMs ?? 0) - (near[0]?.timeMs ?? 0)
      if (near.length < 5 || amounts.size < 4 || payees.length > 3 || span > 9 * DAY_MS) continue
      found.push({ patternType: 'threshold_evasion', accounts: [payer, ...payees] })
      break
    }
  }
  return found
}
