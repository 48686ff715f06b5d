import { isInputError } from '@subnetkit/core'
import { describe, expect, it } from 'vitest'

import { detect } from './detect.ts'
import type { DetectionResult } from './detection-result.ts'
import {
  everydayLife,
  handMadeInput,
  handMadeWindow,
  type HandMadeTransfer,
} from './test-support/hand-made-window.ts'
import type { Typology } from './typology.ts'

const life = everydayLife(400)

const cycle: readonly HandMadeTransfer[] = [
  ['c1', 'c2', 100, 5210.4],
  ['c2', 'c3', 103, 5130.1],
  ['c3', 'c4', 109, 5051.7],
  ['c4', 'c1', 115, 4980.2],
]
const peelChain: readonly HandMadeTransfer[] = [
  ['k1', 'k2', 200, 40_000],
  ['k2', 'k3', 203, 36_300],
  ['k2', 'o1', 203.2, 3400],
  ['k3', 'k4', 207, 33_100],
  ['k3', 'o2', 207.1, 2900],
  ['k4', 'k5', 212, 30_200],
  ['k4', 'o1', 212.2, 2600],
]
const smurfing: readonly HandMadeTransfer[] = ['m1', 'm2', 'm3', 'm4', 'm5'].flatMap((mule, index) => [
  ['boss', mule, 300 + index, 910 + 7 * index] as const,
  [mule, 'sink', 308 + 1.5 * index, 890 + 7 * index] as const,
])
const fanIn: readonly HandMadeTransfer[] = [
  ...Array.from(
    { length: 12 },
    (_, index) => [`s${index}`, 'hat', 400 + index / 8, 300 + 31.7 * index] as const,
  ),
  ['hat', 'away', 405, 5600],
]
const fanOut: readonly HandMadeTransfer[] = [
  ['bank', 'tap', 440, 6000],
  ...Array.from(
    { length: 12 },
    (_, index) => ['tap', `r${index}`, 442 + index / 8, 310 + 31.7 * index] as const,
  ),
]
const structuring: readonly HandMadeTransfer[] = Array.from(
  { length: 8 },
  (_, index) => ['thin', 'thick', 500 + 9 * index, 9000 + 101 * index] as const,
)
const rally: readonly HandMadeTransfer[] = Array.from({ length: 8 }, (_, index) =>
  index % 2 === 0
    ? (['ping', 'pong', 600 + 3 * index, 2300 + index] as const)
    : (['pong', 'ping', 600 + 3 * index, 2300 + index] as const),
)

function addressesOf(result: DetectionResult, typology: Typology): string[] {
  return [
    ...new Set(
      result.alerts.filter((alert) => alert.typologyType === typology).map((alert) => alert.address),
    ),
  ].sort()
}

describe('detect', () => {
  it('finds nothing to alert on in everyday life', async () => {
    const result = await detect(handMadeInput(life))
    expect(result.alerts).toEqual([])
    expect(result.clusters).toEqual([])
    expect(result.hasMeaningfulAmounts).toBe(true)
  })

  it.each<readonly [Typology, readonly HandMadeTransfer[], readonly string[]]>([
    ['CYCLE_DETECTION', cycle, ['c1', 'c2', 'c3', 'c4']],
    ['PEEL_CHAIN', peelChain, ['k1', 'k2', 'k3', 'k4', 'k5', 'o1', 'o2']],
    ['SMURFING_NETWORK', smurfing, ['boss', 'm1', 'm2', 'm3', 'm4', 'm5', 'sink']],
    ['MOTIF_FANIN', fanIn, ['away', 'hat', ...Array.from({ length: 12 }, (_, index) => `s${index}`)].sort()],
    [
      'MOTIF_FANOUT',
      fanOut,
      ['bank', 'tap', ...Array.from({ length: 12 }, (_, index) => `r${index}`)].sort(),
    ],
    ['STRUCTURING', structuring, ['thick', 'thin']],
    ['PING_PONG', rally, ['ping', 'pong']],
  ])('finds %s in the midst of everyday life, and all who take part', async (typology, planted, members) => {
    const result = await detect(handMadeInput([...life, ...planted]))
    expect(addressesOf(result, typology)).toEqual(members)
    const others = result.alerts.filter(
      (alert) => alert.address.startsWith('p') && !members.includes(alert.address),
    )
    expect(others).toEqual([])
  })

  it('says in an alert what an operator needs: sentence, sums to the cent, hops', async () => {
    const result = await detect(handMadeInput([...life, ...cycle]))
    const alert = result.alerts.find(({ address }) => address === 'c2')
    expect(alert).toMatchObject({
      typologyType: 'CYCLE_DETECTION',
      patternType: 'cycle',
      severity: 'critical',
      volumeMicroUsd: 5_210_400_000n,
      firstMs: handMadeWindow.startMs + 100 * 3_600_000,
      description: 'Hop 1 of a cycle of 4 payments that brought the money back to c1 within 15.0 hours.',
    })
    expect(alert?.evidence['totals']).toEqual({ addresses: 4, transfers: 4, volumeUsd: '20372.400000' })
    expect(alert?.evidence['hops']).toHaveLength(4)
  })

  it('leaves the look-alikes alone: salaries, shared bills, standing orders, a shop, a late return', async () => {
    const payday = (day: number): HandMadeTransfer[] =>
      Array.from({ length: 14 }, (_, index) => [
        'firm',
        `w${index}`,
        24 * day + index / 20,
        1500 + 13 * index,
      ])
    const result = await detect(
      handMadeInput([
        ...life,
        ['bank', 'firm', 20, 25_000],
        ...payday(1),
        ['bank', 'firm', 24 * 15 - 4, 25_000],
        ...payday(15),
        ...Array.from({ length: 12 }, (_, index) => [`g${index}`, 'friend', 250 + index / 9, 40] as const),
        ['friend', 'inn', 255, 470],
        ...Array.from({ length: 20 }, (_, index) => ['tenant', 'owner', 24 * index + 3, 9500] as const),
        ...Array.from(
          { length: 200 },
          (_, index) => [`p${String(index).padStart(4, '0')}`, 'shop', index * 3 + 1, 15 + index] as const,
        ),
        ['l1', 'l2', 50, 700],
        ['l2', 'l3', 150, 690],
        ['l3', 'l1', 350, 680],
      ]),
    )
    const suspects = new Set(result.alerts.map(({ address }) => address))
    for (const innocent of ['firm', 'w0', 'friend', 'g1', 'tenant', 'owner', 'shop', 'l1', 'l2']) {
      expect(suspects).not.toContain(innocent)
    }
  })

  it('does not care in which order equal things are named', async () => {
    const planted = [...cycle, ...peelChain, ...smurfing, ...fanIn]
    const rename = (name: string): string => `z${[...name].reverse().join('')}`
    const renamed = [...life, ...planted].map(([from, to, hours, usd]): HandMadeTransfer => [
      rename(from),
      rename(to),
      hours,
      usd,
    ])
    const summary = (result: DetectionResult, name: (address: string) => string): string[] =>
      result.alerts
        .map(
          (alert) =>
            `${name(alert.address)} ${alert.typologyType} ${alert.alertConfidenceScore} ${alert.volumeMicroUsd}`,
        )
        .sort()
    expect(summary(await detect(handMadeInput(renamed)), (name) => name)).toEqual(
      summary(await detect(handMadeInput([...life, ...planted])), rename),
    )
  })

  it('gives the same bytes for shuffled input rows, once they are in order again', async () => {
    const text = async (transfers: readonly HandMadeTransfer[]): Promise<string> =>
      JSON.stringify(await detect(handMadeInput(transfers)), (_, value: unknown) =>
        typeof value === 'bigint' ? value.toString() : value,
      )
    const all = [...life, ...cycle, ...smurfing]
    expect(await text(all.toReversed())).toBe(await text(all))
  })

  it('gives each alert an id of its own, the same in every run and another in another window', async () => {
    const input = handMadeInput([...life, ...cycle, ...peelChain, ...smurfing, ...fanIn])
    const ids = (await detect(input)).alerts.map(({ alertId }) => alertId)
    expect(new Set(ids).size).toBe(ids.length)
    expect((await detect(input)).alerts.map(({ alertId }) => alertId)).toEqual(ids)
    const other = await detect({ ...input, window: { ...handMadeWindow, windowDays: 7 } })
    expect(other.alerts.some(({ alertId }) => ids.includes(alertId))).toBe(false)
  })

  it('still finds structure when all amounts are alike, and says which rules were off', async () => {
    const alike = [...life, ...structuring].map(([from, to, hours]): HandMadeTransfer => [from, to, hours, 1])
    const split = Array.from({ length: 6 }, (_, index): HandMadeTransfer => [
      'cut',
      'piece',
      100 + index / 4,
      1,
    ])
    const result = await detect(handMadeInput([...alike, ...split]))
    expect(result.hasMeaningfulAmounts).toBe(false)
    expect(addressesOf(result, 'INTRADAY_STRUCTURING')).toContain('cut')
    expect(result.notices.map(({ code, detector }) => `${code} ${detector}`)).toContain(
      'rule_off STRUCTURING',
    )
  })

  it('clusters the alerts of one pattern with each transfer counted once', async () => {
    const result = await detect(handMadeInput([...life, ...cycle]))
    const cluster = result.clusters.find(({ clusterType }) => clusterType === 'same_pattern')
    expect(cluster).toMatchObject({
      totalAlerts: 4,
      totalVolumeMicroUsd: 20_372_400_000n,
      addressesInvolved: ['c1', 'c2', 'c3', 'c4'],
    })
  })

  it.each<readonly [string, readonly HandMadeTransfer[]]>([
    ['no transfer', []],
    ['one transfer', [['a', 'b', 1, 10]]],
    ['a transfer to oneself', [['a', 'a', 1, 10]]],
    ['the same row five times', Array.from({ length: 5 }, () => ['a', 'b', 1, 10] as const)],
    [
      'amounts of zero',
      [
        ['a', 'b', 1, 0],
        ['b', 'c', 2, 0],
        ['c', 'a', 3, 0],
      ],
    ],
  ])('takes %s', async (_, transfers) => {
    const result = await detect(handMadeInput(transfers))
    const count = new Set(transfers.flatMap(([from, to]) => [from, to])).size
    for (const values of Object.values(result.addressFeatures)) {
      expect(values).toHaveLength(count)
      expect(values.every(Number.isFinite)).toBe(true)
    }
  })

  it('refuses rows out of order, ids out of range and unequal columns, and names the column', async () => {
    const { transfers, window } = handMadeInput(life)
    const refuse = async (broken: Partial<typeof transfers>): Promise<unknown> => {
      try {
        await detect({ transfers: { ...transfers, ...broken }, window })
      } catch (error) {
        return isInputError(error) ? error.field : error
      }
      return 'accepted'
    }
    expect(await refuse({ timestampMs: transfers.timestampMs.toReversed() })).toBe('transfers.timestampMs')
    expect(await refuse({ timestampMs: transfers.timestampMs.map(() => window.endMs) })).toBe(
      'transfers.timestampMs',
    )
    expect(await refuse({ to: transfers.to.map(() => 9999) })).toBe('transfers.from/to')
    expect(await refuse({ to: transfers.to.slice(1) })).toBe('transfers')
    expect(await refuse({ addresses: transfers.addresses.toReversed() })).toBe('transfers.addresses')
  })

  it('refuses unknown and impossible options', async () => {
    const input = handMadeInput(life)
    await expect(detect(input, { minMules: 1 })).rejects.toThrow(/minMules/)
    await expect(detect(input, JSON.parse('{"maxHops":3}'))).rejects.toThrow(/detection options/)
  })

  it('stops at its budget in a dense knot, says so, and stays deterministic', async () => {
    const knot = Array.from({ length: 6000 }, (_, index): HandMadeTransfer => [
      `n${index % 23}`,
      `n${(index * 7 + Math.floor(index / 23)) % 23}`,
      index / 10,
      100 + (index % 3),
    ])
    const options = { workPerTransfer: 1, mergeGapMs: 1, minHubDegree: 1000, hubTimesMedian: 1000 }
    const first = await detect(handMadeInput(knot), options)
    expect(first.notices.map(({ code }) => code)).toContain('budget_hit')
    expect((await detect(handMadeInput(knot), options)).alerts).toEqual(first.alerts)
  })

  it('lets timers run meanwhile, and gives up in the middle of its work', async () => {
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    await detect(handMadeInput(everydayLife(4000)))
    clearInterval(timer)
    expect(turns).toBeGreaterThan(3)
    const controller = new AbortController()
    const reason = new Error('time is up')
    const work = detect(handMadeInput(everydayLife(4000)), {}, controller.signal)
    setTimeout(() => controller.abort(reason), 1)
    await expect(work).rejects.toThrow(reason)
  })

  it('gives up when asked to', async () => {
    const reason = new Error('enough')
    await expect(detect(handMadeInput(life), {}, AbortSignal.abort(reason))).rejects.toThrow(reason)
  })
})
