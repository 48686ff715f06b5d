import { describe, expect, it } from 'vitest'

import { historicalTop } from './historical-top.ts'
import { planRetention, type SampledModel } from './plan-retention.ts'

type Top = Parameters<typeof historicalTop>[0][number]['top']

const place = (minerHotkey: string, rank: number, weight = 0.2): Top[number] => ({
  minerHotkey,
  modelRevision: 'v1',
  uid: 1,
  rank,
  weight,
})
const snapshot = (blockNumber: number, top: Top): Readonly<{ blockNumber: number; top: Top }> => ({
  blockNumber,
  top,
})

describe('historicalTop', () => {
  const snapshots = [
    snapshot(300, [place('D', 1), place('A', 2), place('B', 3), place('C', 4)]),
    snapshot(100, [place('A', 1), place('B', 2), place('C', 3)]),
    snapshot(200, [place('A', 1), place('C', 2), place('B', 3)]),
  ]

  it('has everyone who was ever among the best three, with the best rank and its first block', () => {
    expect(historicalTop(snapshots, 3)).toEqual([
      { minerHotkey: 'A', modelRevision: 'v1', because: 'rank 1 at block 100' },
      { minerHotkey: 'B', modelRevision: 'v1', because: 'rank 2 at block 100' },
      { minerHotkey: 'C', modelRevision: 'v1', because: 'rank 2 at block 200' },
      { minerHotkey: 'D', modelRevision: 'v1', because: 'rank 1 at block 300' },
    ])
    expect(historicalTop(snapshots.toReversed(), 3)).toEqual(historicalTop(snapshots, 3))
  })

  it('keeps revisions of one miner apart', () => {
    const top = [place('A', 1), { ...place('A', 2), modelRevision: 'v2' }]
    expect(historicalTop([snapshot(1, top)], 3).map(({ modelRevision }) => modelRevision)).toEqual([
      'v1',
      'v2',
    ])
  })

  it('leaves out ranks without weight, and everyone when nobody is to be kept', () => {
    expect(historicalTop([snapshot(1, [place('A', 1, 0)])], 3)).toEqual([])
    expect(historicalTop(snapshots, 0)).toEqual([])
  })

  it('has all that share a rank', () => {
    const top = ['A', 'B', 'C', 'D'].map((hotkey) => place(hotkey, 1, 0.25))
    expect(historicalTop([snapshot(1, top)], 1)).toHaveLength(4)
  })
})

describe('planRetention', () => {
  const model = (minerHotkey: string, isCurrent = false): SampledModel => ({
    minerHotkey,
    modelRevision: 'v1',
    isCurrent,
    groups: [{ environment: 'sat', generation: 1 }],
  })
  const policy = (
    minerHotkey: string,
    protectedBecause: string | null,
  ): Readonly<{ minerHotkey: string; modelRevision: string; protectedBecause: string | null }> => ({
    minerHotkey,
    modelRevision: 'v1',
    protectedBecause,
  })
  const given = {
    snapshots: [snapshot(100, [place('A', 1), place('B', 2)])],
    policies: [policy('A', 'rank 1 at block 7'), policy('C', 'by hand'), policy('D', null)],
    models: [model('F'), model('E', true), model('D'), model('C'), model('B'), model('A')],
    keepTop: 3,
    includesCurrent: false,
  }
  const decisionsOf = (params: Parameters<typeof planRetention>[0]): Record<string, string> =>
    Object.fromEntries(
      planRetention(params).models.map(({ model: { minerHotkey }, decision }) => [minerHotkey, decision]),
    )

  it('keeps what is protected, historical or current, and lets the rest expire', () => {
    const plan = planRetention(given)
    expect(plan.protect).toEqual([{ minerHotkey: 'B', modelRevision: 'v1', because: 'rank 2 at block 100' }])
    expect(
      plan.models.map(({ model: { minerHotkey }, decision, because }) => [minerHotkey, decision, because]),
    ).toEqual([
      ['A', 'protected', 'rank 1 at block 7'],
      ['B', 'protected', 'rank 2 at block 100'],
      ['C', 'protected', 'by hand'],
      ['D', 'expires', null],
      ['E', 'current', null],
      ['F', 'expires', null],
    ])
  })

  it('keeps a protection that no snapshot tells of any more', () => {
    expect(decisionsOf({ ...given, snapshots: [] })).toMatchObject({
      A: 'protected',
      B: 'expires',
      C: 'protected',
    })
  })

  it('lets current models expire when told to, but never a protected one', () => {
    const all = { ...given, models: [...given.models, { ...model('A', true), modelRevision: 'v2' }] }
    expect(decisionsOf({ ...all, includesCurrent: true })).toMatchObject({ E: 'expires', C: 'protected' })
  })

  it('protects a model that is among the best although it has no samples here', () => {
    expect(planRetention({ ...given, models: [] }).protect).toHaveLength(1)
  })
})
