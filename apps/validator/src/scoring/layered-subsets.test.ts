import { describe, expect, it } from 'vitest'

import { layeredSubsets } from './layered-subsets.ts'

const letters = (count: number): string[] => [...'abcdefghijklmnop'].slice(0, count)
const subsetsOf = (count: number): ReturnType<typeof layeredSubsets> =>
  layeredSubsets({ environments: letters(count), maxLayers: 6, growth: 2 })

describe('layeredSubsets', () => {
  it('has 219 subsets of 8 environments, and layers worth 8, 16, 32, 64, 128 and 256', () => {
    // Sizes 3 to 8: C(8, s) = 56 + 70 + 56 + 28 + 8 + 1 = 219; a layer is worth 8 * 2^(size - 3).
    const subsets = subsetsOf(8)
    expect(subsets).toHaveLength(219)
    const totals = [3, 4, 5, 6, 7, 8].map((layer) =>
      subsets.filter((subset) => subset.layer === layer).reduce((sum, { weight }) => sum + weight, 0),
    )
    expect(totals.map((total) => Math.round(total * 1e9) / 1e9)).toEqual([8, 16, 32, 64, 128, 256])
  })

  it('has 1024 subsets of 11 environments', () => {
    // Sizes 6 to 11: 462 + 330 + 165 + 55 + 11 + 1 = 1024.
    expect(subsetsOf(11)).toHaveLength(1024)
  })

  it('names, sorts and weighs each subset', () => {
    // Three environments: 3 points over 3 singles, 6 over 3 pairs, 12 for the whole.
    expect(subsetsOf(3)).toEqual([
      { key: 'L1_a', layer: 1, mask: 0b001, weight: 1 },
      { key: 'L1_b', layer: 1, mask: 0b010, weight: 1 },
      { key: 'L1_c', layer: 1, mask: 0b100, weight: 1 },
      { key: 'L2_a_b', layer: 2, mask: 0b011, weight: 2 },
      { key: 'L2_a_c', layer: 2, mask: 0b101, weight: 2 },
      { key: 'L2_b_c', layer: 2, mask: 0b110, weight: 2 },
      { key: 'L3_a_b_c', layer: 3, mask: 0b111, weight: 12 },
    ])
  })

  it('keeps to the largest sizes when fewer layers are wanted', () => {
    expect(layeredSubsets({ environments: letters(3), maxLayers: 1, growth: 2 })).toEqual([
      { key: 'L3_a_b_c', layer: 3, mask: 0b111, weight: 3 },
    ])
  })
})
