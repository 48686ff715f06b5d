import { describe, expect, it } from 'vitest'

import { DAY_MS, HOUR_MS } from '../src/dataset/calendar.ts'
import { labelColumns, labelRows } from '../src/dataset/label-rows.ts'
import type { PatternInstance } from '../src/dataset/patterns/pattern-instance.ts'
import { truthColumns, truthRows } from '../src/dataset/truth-rows.ts'
import type { ColumnSpec, ColumnValues } from '../src/output/table-columns.ts'
import { collectStream, type StreamedTransfer, testPlan } from './stream.ts'

const plan = testPlan({ transfers: '100000', seed: 'stories' })
const stream = collectStream(plan)
const ordinary = stream.filter(({ step }) => step < 0)
const { calendar, world } = plan.scene

function ofShape(shape: string): readonly PatternInstance[] {
  const found = plan.instances.filter((instance) => instance.shape === shape)
  expect(found.length).toBeGreaterThan(1)
  return found
}

function inRole({ members }: PatternInstance, role: string): number[] {
  return [...members].flatMap(([account, its]) => (its === role ? [account] : []))
}

function rows(specs: readonly ColumnSpec[], columns: readonly ColumnValues[]): Record<string, unknown>[] {
  return (columns[0] ?? []).map((_, row) =>
    Object.fromEntries(specs.map(({ name }, column) => [name, columns[column]?.[row]])),
  )
}

function sum(transfers: readonly { cents: number }[]): number {
  return transfers.reduce((total, { cents }) => total + cents, 0)
}

it('every pattern is joined by its own transfers, in time, and small enough to be reported', () => {
  for (const { members, transfers } of plan.instances) {
    expect(members.size).toBeGreaterThanOrEqual(2)
    expect(members.size).toBeLessThanOrEqual(17)
    const reached = new Set([...members.keys()].slice(0, 1))
    for (const _ of members) {
      for (const { from, to } of transfers) {
        if (reached.has(from)) reached.add(to)
        else if (reached.has(to)) reached.add(from)
      }
    }
    expect([...reached].sort()).toEqual([...members.keys()].sort())
    for (const { timeMs } of transfers) {
      expect(timeMs).toBeGreaterThanOrEqual(calendar.startMs)
      expect(timeMs).toBeLessThan(calendar.endMs)
    }
  }
})

describe('proximity_risk', () => {
  const truth = rows(truthColumns, truthRows(plan))
  const labels = new Map(rows(labelColumns, labelRows(plan)).map((row) => [row['address'], row]))
  const types = { sanctions: 'sanctioned', exploit: 'scam', mixer: 'mixer', darknet: 'dark_market' }

  it('says how far each member is from a flagged address, whose label says the same', () => {
    for (const { id, flag, transfers, members } of ofShape('proximity_risk')) {
      const flagged = flag?.account ?? -1
      const hops = new Map([[flagged, 0]])
      for (let hop = 1; hop <= 3; hop++) {
        for (const { from, to } of transfers) {
          if (hops.get(from) === hop - 1 && !hops.has(to)) hops.set(to, hop)
          if (hops.get(to) === hop - 1 && !hops.has(from)) hops.set(from, hop)
        }
      }
      const facts = truth.filter((row) => row['pattern_instance_id'] === id)
      expect(facts).toHaveLength(members.size)
      for (const fact of facts) {
        expect(fact['hop_distance']).toBe(hops.get(world.addresses.indexOf(String(fact['address']))))
        expect(fact).toMatchObject({ flagged_address: world.addresses[flagged], flag_type: flag?.flagType })
      }
      expect(labels.get(world.addresses[flagged])).toMatchObject({
        address_type: types[flag?.flagType ?? 'mixer'],
        risk_level: 'critical',
      })
    }
    const others = truth.filter((row) => row['pattern_type'] !== 'proximity_risk')
    expect(others.every((row) => row['hop_distance'] === -1 && row['flagged_address'] === '')).toBe(true)
  })

  it('hides those who took the money among many more who deal with the same address', () => {
    for (const instance of ofShape('proximity_risk')) {
      const flagged = instance.flag?.account ?? -1
      const dealers = ordinary.flatMap(({ from, to }) =>
        from === flagged ? [to] : to === flagged ? [from] : [],
      )
      const innocent = new Set(dealers.filter((account) => !instance.members.has(account)))
      expect(innocent.size).toBeGreaterThan(2 * inRole(instance, 'immediate_counterparty').length)
    }
  })
})

describe('dormant_activation', () => {
  it('is silent for a third of the window at least, and then passes all on', () => {
    for (const instance of ofShape('dormant_activation')) {
      const [wallet = -1] = inRole(instance, 'dormant_wallet')
      const woken = Math.min(...instance.transfers.map(({ timeMs }) => timeMs))
      const funded = stream.filter(({ to, timeMs }) => to === wallet && timeMs < woken)
      const first = Math.min(...funded.map(({ timeMs }) => timeMs))
      expect(woken - first).toBeGreaterThan((calendar.days * DAY_MS) / 3)
      const early = stream.filter(({ from, timeMs }) => from === wallet && timeMs < woken)
      expect(early.length).toBeLessThanOrEqual(3)
      const passed = instance.transfers.filter(({ from }) => from === wallet)
      const funding = sum(instance.surroundings.filter(({ to }) => to === wallet))
      expect(sum(passed)).toBeGreaterThan(0.6 * funding)
      expect(sum(passed)).toBeLessThan(1.3 * funding)
    }
  })

  it('has honest savers beside it, silent as long', () => {
    const outgoing = new Map<number, StreamedTransfer[]>()
    for (const transfer of ordinary) {
      const known = outgoing.get(transfer.from)
      if (known === undefined) outgoing.set(transfer.from, [transfer])
      else known.push(transfer)
    }
    const savers = new Set<number>()
    for (const { to, cents, timeMs } of ordinary) {
      if (world.kindOf(to) !== 'person' || cents < 50_000) continue
      const next = (outgoing.get(to) ?? []).find((one) => one.timeMs > timeMs)
      const isWhole = next !== undefined && next.cents > 0.7 * cents && next.cents <= 1.02 * cents
      if (isWhole && next.timeMs - timeMs > (calendar.days * DAY_MS) / 3) savers.add(to)
    }
    expect(savers.size).toBeGreaterThan(10 * ofShape('dormant_activation').length)
  })
})

describe('rug_pull', () => {
  it('takes from many over days, and lets the developer leave with nearly all of it afterwards', () => {
    for (const instance of ofShape('rug_pull')) {
      const [contract = -1] = inRole(instance, 'rug_contract')
      const [developer = -1] = inRole(instance, 'rug_developer')
      const victims = new Set(inRole(instance, 'rug_victim'))
      expect(victims.size).toBeGreaterThanOrEqual(5)
      const paid = instance.transfers.filter(({ from, to }) => victims.has(from) && to === contract)
      expect(new Set(paid.map(({ from }) => from))).toEqual(victims)
      const drained = instance.transfers.filter(({ from, to }) => from === contract && to === developer)
      const lastPaid = Math.max(...paid.map(({ timeMs }) => timeMs))
      expect(drained.every(({ timeMs }) => timeMs > lastPaid)).toBe(true)
      expect(sum(drained)).toBeGreaterThan(0.6 * sum(paid))
      const left = instance.transfers.filter(({ from }) => from === developer).map(({ to }) => to)
      expect(left).toEqual(expect.arrayContaining(inRole(instance, 'rug_exit')))
    }
  })

  it('has honest ventures beside it: many payers over days, and the money spent at once', () => {
    const gathered = ordinary.filter(({ from, to, cents }) => {
      const both = world.kindOf(from) === 'person' && world.kindOf(to) === 'person'
      return both && cents > 10_000
    })
    const payers = new Map<number, Set<number>>()
    for (const { from, to } of gathered) payers.set(to, (payers.get(to) ?? new Set()).add(from))
    const hosts = [...payers].filter(([, all]) => all.size >= 12)
    expect(hosts.length).toBeGreaterThan(5 * ofShape('rug_pull').length)
  })
})

describe('nested_services', () => {
  it('pays what a user paid in to somebody else, out of an exchange that many use', () => {
    for (const instance of ofShape('nested_services')) {
      const [service = -1] = inRole(instance, 'nested_service_wallet')
      const [exchange = -1] = inRole(instance, 'legitimate_exchange')
      expect(world.kindOf(exchange)).toBe('hot_wallet')
      const paidIn = instance.transfers.filter(({ to }) => to === service)
      const paidOut = instance.transfers.filter(({ from }) => from === exchange)
      expect(new Set(paidIn.map(({ from }) => from))).toEqual(
        new Set(inRole(instance, 'nested_service_user')),
      )
      expect(new Set(paidOut.map(({ to }) => to))).toEqual(new Set(inRole(instance, 'nested_destination')))
      expect(paidOut).toHaveLength(paidIn.length)
      expect(sum(paidOut) / sum(paidIn)).toBeGreaterThan(0.75)
      expect(sum(paidOut) / sum(paidIn)).toBeLessThan(1.25)
    }
  })
})

describe('sybil_network', () => {
  it('has one funder, one service and one collector for all of its wallets, in that order', () => {
    for (const instance of ofShape('sybil_network')) {
      const [funder = -1] = inRole(instance, 'sybil_funder')
      const [target = -1] = inRole(instance, 'sybil_target')
      const [collector = -1] = inRole(instance, 'sybil_collector')
      expect(world.kindOf(target)).toBe('service')
      const wallets = inRole(instance, 'sybil_wallet')
      expect(wallets.length).toBeGreaterThanOrEqual(4)
      for (const wallet of wallets) {
        const own = instance.transfers.filter(({ from, to }) => from === wallet || to === wallet)
        expect(own.map(({ from, to }) => (from === wallet ? to : from))).toEqual([
          funder,
          target,
          target,
          collector,
        ])
        expect(own.every(({ timeMs }, nth) => nth === 0 || timeMs > (own[nth - 1]?.timeMs ?? 0))).toBe(true)
      }
    }
  })

  it('has honest families beside it, in which one pays many about the same within a day or two', () => {
    const paid = new Map<number, StreamedTransfer[]>()
    for (const transfer of ordinary) {
      if (world.kindOf(transfer.from) !== 'person' || world.kindOf(transfer.to) !== 'person') continue
      const known = paid.get(transfer.from)
      if (known === undefined) paid.set(transfer.from, [transfer])
      else known.push(transfer)
    }
    const parents = [...paid.values()].filter((all) =>
      all.some((first) => {
        const same = all.filter(({ cents, timeMs }) => {
          const delay = timeMs - first.timeMs
          return delay >= 0 && delay < 48 * HOUR_MS && Math.abs(cents / first.cents - 1) < 0.2
        })
        return new Set(same.map(({ to }) => to)).size >= 4
      }),
    )
    expect(parents.length).toBeGreaterThan(10 * ofShape('sybil_network').length)
  })
})
