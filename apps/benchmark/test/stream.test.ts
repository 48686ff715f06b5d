import { describe, expect, it } from 'vitest'

import { MAX_CENTS, MIN_CENTS } from '../src/dataset/money.ts'
import { collectStream, testPlan } from './stream.ts'

describe('the stream of transfers', () => {
  it.each([
    { transfers: '1000', windowDays: '1', network: 'bitcoin' },
    { transfers: '1000', windowDays: '366', network: 'torus' },
    { transfers: '1234', windowDays: '2', network: 'my_net' },
    { transfers: '20000', windowDays: '30', network: 'bittensor' },
  ])('holds exactly what was asked for, block by block in time: %o', (change) => {
    const plan = testPlan(change)
    const { startMs, endMs } = plan.scene.calendar
    const stream = collectStream(plan)
    expect(stream).toHaveLength(Number(change.transfers))
    const blocks = stream.map(({ timeMs }) => Math.floor((timeMs - startMs) / plan.profile.blockMs))
    expect(blocks.every((block, row) => row === 0 || block >= (blocks[row - 1] ?? 0))).toBe(true)
    expect(stream.every(({ timeMs }) => timeMs >= startMs && timeMs < endMs)).toBe(true)
    expect(stream.every(({ from, to }) => from !== to)).toBe(true)
    expect(
      stream.every(({ cents }) => Number.isSafeInteger(cents) && cents >= MIN_CENTS && cents <= MAX_CENTS),
    ).toBe(true)
  })

  it('is quiet at night and busy by day', () => {
    const plan = testPlan({})
    const hours = Array.from({ length: 24 }, () => 0)
    for (const { timeMs } of collectStream(plan)) {
      const hour = new Date(timeMs).getUTCHours()
      hours[hour] = (hours[hour] ?? 0) + 1
    }
    expect(hours[19]).toBeGreaterThan(3 * (hours[3] ?? Infinity))
  })

  it('has heavy tails: in amounts and in counterparties', () => {
    const plan = testPlan({})
    const stream = collectStream(plan)
    const amounts = stream.map(({ cents }) => cents).sort((a, b) => a - b)
    const median = amounts[amounts.length >> 1] ?? 0
    expect(amounts[Math.floor(amounts.length * 0.99)]).toBeGreaterThan(20 * median)
    const payers = new Map<number, Set<number>>()
    for (const { from, to } of stream) payers.set(to, (payers.get(to) ?? new Set()).add(from))
    const degrees = [...payers.values()].map((set) => set.size).sort((a, b) => a - b)
    expect(degrees.at(-1)).toBeGreaterThan(40 * (degrees[degrees.length >> 1] ?? Infinity))
  })
})
