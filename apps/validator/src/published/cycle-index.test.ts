import {
  type Page,
  summariseWeightCycle,
  type WeightCycleState,
  type WeightCycleSummary,
} from '@subnetkit/core'
import { buildWeightCycle } from '@subnetkit/core/contracts'
import { expect, it } from 'vitest'

import { CycleIndex, publicPoints } from './cycle-index.ts'

const start = Date.UTC(2026, 0, 1)
const scope = { netuid: 64, validatorHotkey: 'v' }
const idOf = (number: number): string => number.toString(16).padStart(32, '0')
const cycle = (number: number, state: WeightCycleState): WeightCycleSummary =>
  summariseWeightCycle(buildWeightCycle({ cycleId: idOf(number), state }))

/** Cycles, newest first, and how many rows were asked for at a time. */
class CycleSource {
  readonly cycles: WeightCycleSummary[]
  readonly asked: number[] = []

  constructor(cycles: readonly WeightCycleSummary[]) {
    this.cycles = [...cycles]
  }

  async listSummaries(
    params: Readonly<{ limit: number; cursor?: string | null }>,
  ): Promise<Page<WeightCycleSummary>> {
    const from = Number(params.cursor ?? 0)
    this.asked.push(params.limit)
    const items = this.cycles.slice(from, from + params.limit)
    const next = from + items.length
    return { items, nextCursor: next < this.cycles.length ? String(next) : null }
  }
}

it('reads a year once and then only the newest, and sees their states change', async () => {
  const cycles = new CycleSource(
    Array.from({ length: 2_500 }, (_unused, at) => cycle(2_500 - at, 'effective')),
  )
  const index = new CycleIndex(scope)
  const [first, same] = await Promise.all([
    index.read(cycles, new Date(start)),
    index.read(cycles, new Date(start + 500)),
  ])
  expect(first.states.size).toBe(2_500)
  expect(same).toBe(first)
  const askedAtFirst = cycles.asked.length
  cycles.cycles.unshift(cycle(2_501, 'included'))
  const later = await index.read(cycles, new Date(start + 2_000))
  expect(cycles.asked.slice(askedAtFirst)).toEqual([25])
  expect([later.states.size, later.states.get(idOf(2_501)), later.newest[0]?.cycleId]).toEqual([
    2_501,
    'included',
    idOf(2_501),
  ])
  const points = [2_501, 2_500, 9_999].map((number) => ({ cycleId: idOf(number) }))
  expect(publicPoints(points, later.states)).toEqual([{ cycleId: idOf(2_500) }])
  cycles.cycles[0] = cycle(2_501, 'revealed')
  cycles.cycles[2_000] = cycle(501, 'failed')
  const revealed = await index.read(cycles, new Date(start + 4_000))
  expect(publicPoints(points, revealed.states)).toHaveLength(2)
  // What changed far back is seen once all are read again.
  expect(revealed.states.get(idOf(501))).toBe('effective')
  const anew = await index.read(cycles, new Date(start + 11 * 60_000))
  expect(anew.states.get(idOf(501))).toBe('failed')
})

it('reads everything when more is new than it looks at, and asks again after a failure', async () => {
  const cycles = new CycleSource([cycle(1, 'effective')])
  const index = new CycleIndex(scope)
  const failing = { listSummaries: async () => await Promise.reject(new Error('gone')) }
  await expect(index.read(failing, new Date(start))).rejects.toThrow('gone')
  expect((await index.read(cycles, new Date(start))).states.size).toBe(1)
  cycles.cycles.unshift(...Array.from({ length: 80 }, (_unused, at) => cycle(81 - at, 'effective')))
  expect((await index.read(cycles, new Date(start + 2_000))).states.size).toBe(81)
})
