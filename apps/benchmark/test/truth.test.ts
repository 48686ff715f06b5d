import { describe, expect, it } from 'vitest'

import {
  PlantedTransfers,
  plantedTransferColumns,
  truthColumns,
  truthRows,
} from '../src/dataset/truth-rows.ts'
import { generateTransfers } from '../src/dataset/generate-transfers.ts'
import { TransferRows, transferColumns } from '../src/dataset/transfer-rows.ts'
import type { ColumnSpec, ColumnValues } from '../src/output/table-columns.ts'
import { collectStream, testPlan } from './stream.ts'

function objects(
  specs: readonly ColumnSpec[],
  columns: readonly ColumnValues[],
): Record<string, string | number>[] {
  return (columns[0] ?? []).map((_, row) =>
    Object.fromEntries(specs.map(({ name }, column) => [name, columns[column]?.[row] ?? ''])),
  )
}

describe('the truth', () => {
  const plan = testPlan({ transfers: '30000', seed: 'truth' })
  const rows = new TransferRows(plan)
  const planted = new PlantedTransfers(plan)
  const transfers: Record<string, string | number>[] = []
  for (const hour of generateTransfers(plan)) {
    const columns = rows.columns(hour)
    planted.noteHour(hour, columns)
    transfers.push(...objects(transferColumns, columns))
  }
  const truth = objects(truthColumns, truthRows(plan))
  const steps = objects(plantedTransferColumns, planted.rows())

  it('names only transfers of the stream, with their parties and times', () => {
    const byId = new Map(transfers.map((transfer) => [transfer['tx_id'], transfer]))
    expect(byId.size).toBe(transfers.length)
    expect(steps).toHaveLength(plan.instances.reduce((sum, instance) => sum + instance.transfers.length, 0))
    for (const step of steps) {
      expect(byId.get(step['tx_id'])).toMatchObject({
        from_address: step['from_address'],
        to_address: step['to_address'],
        block_timestamp: step['block_timestamp'],
      })
    }
  })

  it('gives both parties of each planted transfer the role that ground_truth gives them', () => {
    const roles = new Map(
      truth.map((row) => [`${row['pattern_instance_id']} ${row['address']}`, row['role']]),
    )
    expect(roles.size).toBe(truth.length)
    const seen = new Set<string>()
    for (const step of steps) {
      for (const side of ['from', 'to']) {
        const key = `${step['pattern_instance_id']} ${step[`${side}_address`]}`
        expect(roles.get(key)).toBe(step[`${side}_role`])
        seen.add(key)
      }
    }
    expect(seen.size).toBe(truth.length)
  })

  it('has every shape, each person in one pattern only, and accounts that do other things too', () => {
    expect(new Set(plan.instances.map(({ shape }) => shape)).size).toBe(14)
    expect(new Set(truth.map((row) => row['pattern_type'])).size).toBe(13)
    const people = truth.filter(({ role }) => role !== 'legitimate_exchange' && role !== 'sybil_target')
    expect(new Set(people.map(({ address }) => address)).size).toBe(people.length)
    const other = transfers.length - steps.length
    const ids = new Set(steps.map((step) => step['tx_id']))
    const ordinary = transfers.filter((transfer) => !ids.has(transfer['tx_id'] ?? ''))
    expect(ordinary).toHaveLength(other)
    const active = new Set(ordinary.flatMap((transfer) => [transfer['from_address'], transfer['to_address']]))
    const both = truth.filter(({ address }) => active.has(address))
    expect(both.length / truth.length).toBeGreaterThan(0.9)
  })

  it('is not to be had from ids, addresses or the order', () => {
    const ids = new Set(steps.map((step) => step['tx_id']))
    const halves = transfers.map((transfer) => Number(`${transfer['tx_id']}`.slice(0, 10)) / 2 ** 32)
    const mean = (wanted: boolean): number => {
      const some = halves.filter((_, row) => ids.has(transfers[row]?.['tx_id'] ?? '') === wanted)
      return some.reduce((sum, value) => sum + value, 0) / some.length
    }
    expect(mean(true)).toBeCloseTo(0.5, 0)
    expect(mean(false)).toBeCloseTo(0.5, 1)
    expect(truth.every(({ address }) => /^5Syn[1-9A-HJ-NP-Za-km-z]{44}$/.test(String(address)))).toBe(true)
  })
})

describe('planted chains', () => {
  it('move forward in time and keep their value but for fees', () => {
    const plan = testPlan({ transfers: '50000', seed: 'chains' })
    const planned = plan.instances.flatMap((instance) =>
      instance.transfers.map((transfer) => ({ instance, transfer })),
    )
    const times = new Map(
      collectStream(plan)
        .filter(({ step }) => step >= 0)
        .map(({ step, timeMs }) => [step, timeMs]),
    )
    planned.forEach(({ transfer }, step) => expect(times.get(step)).toBe(transfer.timeMs))
    for (const { shape, transfers, members } of plan.instances.filter(
      (one) => one.shape === 'layering_path',
    )) {
      expect(shape).toBe('layering_path')
      const received = new Map<number, number>()
      const sent = new Map<number, number>()
      for (const { from, to, cents } of transfers) {
        received.set(to, (received.get(to) ?? 0) + cents)
        sent.set(from, (sent.get(from) ?? 0) + cents)
      }
      for (const [account, role] of members) {
        if (role !== 'layering_hop') continue
        const share = (sent.get(account) ?? 0) / (received.get(account) ?? 1)
        expect(share).toBeGreaterThan(0.8)
        expect(share).toBeLessThan(1.15)
      }
      expect(
        transfers.every(({ timeMs }, nth) => nth === 0 || timeMs > (transfers[nth - 1]?.timeMs ?? 0)),
      ).toBe(true)
    }
  })
})

describe('every pattern of a large world', () => {
  it('has no member without a transfer of its own', () => {
    const { instances } = testPlan({ transfers: '1000000', seed: 'members' })
    expect(instances).toHaveLength(600)
    for (const { id, members, transfers } of instances) {
      const parties = new Set(transfers.flatMap(({ from, to }) => [from, to]))
      expect({ id, idle: [...members.keys()].filter((member) => !parties.has(member)) }).toEqual({
        id,
        idle: [],
      })
    }
  })
})
