import { describe, expect, it } from 'vitest'

import { createDetectionContext } from '../detection-context.ts'
import { parseDetectionOptions } from '../detection-options.ts'
import { handMadeInput, type HandMadeTransfer } from '../test-support/hand-made-window.ts'
import { computeGraphFeatures, type GraphFeatures } from './graph-features.ts'

/** A square a-b-c-d with the diagonal a-c, a tail d-e, a pair x-y, and a self-payer. */
const small: readonly HandMadeTransfer[] = [
  ['a', 'b', 1, 10],
  ['b', 'c', 2, 10],
  ['b', 'c', 3, 12],
  ['c', 'd', 4, 10],
  ['d', 'a', 5, 10],
  ['a', 'c', 6, 11],
  ['c', 'a', 7, 11],
  ['d', 'e', 8, 10],
  ['x', 'y', 9, 10],
  ['z', 'z', 10, 10],
]

async function featuresOf(
  transfers: readonly HandMadeTransfer[],
): Promise<(name: keyof GraphFeatures) => Record<string, number>> {
  const context = await createDetectionContext(handMadeInput(transfers), parseDetectionOptions())
  const features = await computeGraphFeatures(context)
  const { addresses } = context.input.transfers
  return (name) =>
    Object.fromEntries(addresses.map((address, id) => [address, features[name][id] ?? Number.NaN]))
}

describe('computeGraphFeatures', async () => {
  const feature = await featuresOf(small)

  it('counts neighbours within one and two hops, each once', () => {
    expect(feature('khop1_count')).toEqual({ a: 3, b: 2, c: 3, d: 3, e: 1, x: 1, y: 1, z: 0 })
    expect(feature('khop2_count')).toEqual({ a: 4, b: 3, c: 4, d: 4, e: 3, x: 1, y: 1, z: 0 })
  })

  it('finds cores and components', () => {
    expect(feature('kcore')).toEqual({ a: 2, b: 2, c: 2, d: 2, e: 1, x: 1, y: 1, z: 0 })
    expect(feature('component')).toEqual({ a: 0, b: 0, c: 0, d: 0, e: 0, x: 5, y: 5, z: 7 })
  })

  it('measures clustering without direction', () => {
    const { a, b, d, e } = feature('clustering_coefficient')
    expect(a).toBeCloseTo(2 / 3, 12)
    expect(b).toBe(1)
    expect(d).toBeCloseTo(1 / 3, 12)
    expect(e).toBe(0)
  })

  it('shares out all of the rank, most to where most is paid', () => {
    const rank = feature('pagerank')
    expect(Object.values(rank).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9)
    expect(rank['c'] ?? 0).toBeGreaterThan(rank['b'] ?? 0)
    expect(rank['y'] ?? 0).toBeGreaterThan(rank['x'] ?? 0)
  })

  it('keeps apart what is not connected, and together what is tight', () => {
    const community = feature('community_id')
    expect(community['x']).toBe(community['y'])
    expect(community['a']).toBe(community['c'])
    expect(new Set([community['a'], community['x'], community['z']]).size).toBe(3)
  })
})
