import { describe, expect, it } from 'vitest'

import { DAY_MS, HOUR_MS } from '../src/dataset/calendar.ts'
import type { StreamedTransfer } from './stream.ts'
import { collectStream, testPlan } from './stream.ts'

const plan = testPlan({ transfers: '100000', seed: 'look-alikes' })
const stream = collectStream(plan)
const ordinary = stream.filter(({ step }) => step < 0)

function group(transfers: readonly StreamedTransfer[], side: 'from' | 'to'): Map<number, StreamedTransfer[]> {
  const groups = new Map<number, StreamedTransfer[]>()
  for (const transfer of transfers) {
    const known = groups.get(transfer[side])
    if (known === undefined) groups.set(transfer[side], [transfer])
    else known.push(transfer)
  }
  return groups
}

/** The greatest number of different parties within a span that begins with a transfer. */
function busiest(transfers: readonly StreamedTransfer[], side: 'from' | 'to', spanMs: number): number {
  return transfers.reduce((best, first, start) => {
    const parties = new Set<number>()
    for (const transfer of transfers.slice(start)) {
      if (transfer.timeMs - first.timeMs > spanMs) break
      parties.add(transfer[side])
    }
    return Math.max(best, parties.size)
  }, 0)
}

function isPerson(account: number): boolean {
  return plan.scene.world.kindOf(account) === 'person'
}

/** Later transfers by the receiver that pass on about the same value to somebody else. */
function passedOn(
  { to, from, cents, timeMs }: StreamedTransfer,
  sent: ReadonlyMap<number, readonly StreamedTransfer[]>,
  spanMs: number,
): StreamedTransfer[] {
  return (sent.get(to) ?? []).filter((next) => {
    const share = next.cents / cents
    const delay = next.timeMs - timeMs
    return next.to !== from && delay > 0 && delay < spanMs && share > 0.9 && share < 1.02
  })
}

describe('innocent look-alikes', () => {
  it('are hubs with many payers, and hubs with many payees', () => {
    const wide = (side: 'from' | 'to', other: 'from' | 'to'): number =>
      [...group(ordinary, side).values()].filter((all) => new Set(all.map((one) => one[other])).size >= 60)
        .length
    expect(wide('to', 'from')).toBeGreaterThan(30)
    expect(wide('from', 'to')).toBeGreaterThan(15)
  })

  it('are people to whom many pay within hours, and people who pay many', () => {
    const quick = (side: 'from' | 'to', other: 'from' | 'to'): number =>
      [...group(ordinary, side)].filter(
        ([account, all]) => isPerson(account) && busiest(all, other, 9 * HOUR_MS) >= 8,
      ).length
    expect(quick('to', 'from')).toBeGreaterThan(20)
    expect(quick('from', 'to')).toBeGreaterThan(20)
  })

  it('are loans that come back, and rounds among friends', () => {
    const sent = group(ordinary, 'from')
    const among = ordinary.filter(({ from, to, cents }) => isPerson(from) && isPerson(to) && cents > 5_000)
    const loans = among.filter(({ from, to, cents, timeMs }) =>
      (sent.get(to) ?? []).some((back) => back.to === from && back.cents === cents && back.timeMs > timeMs),
    )
    expect(loans.length).toBeGreaterThan(100)
    const rounds = among.filter((first) =>
      passedOn(first, sent, 4 * DAY_MS).some((second) =>
        passedOn(second, sent, 4 * DAY_MS).some((third) => third.to === first.from),
      ),
    )
    expect(rounds.length).toBeGreaterThan(5)
  })

  it('are repeated payments just below a round sum, and market makers who trade both ways', () => {
    const justBelow = [...group(ordinary, 'from')].filter(
      ([account, all]) =>
        isPerson(account) && all.filter(({ cents }) => cents >= 86_000 && cents < 100_000).length >= 5,
    )
    expect(justBelow.length).toBeGreaterThan(20)
    const makers = group(
      ordinary.filter(({ from }) => plan.scene.world.kindOf(from) === 'market_maker'),
      'from',
    )
    const bothWays = [...makers].filter(([maker, all]) => {
      const payers = new Set(ordinary.filter(({ to }) => to === maker).map(({ from }) => from))
      return all.some(({ to }) => payers.has(to))
    })
    expect(bothWays.length).toBeGreaterThan(5)
  })
})
