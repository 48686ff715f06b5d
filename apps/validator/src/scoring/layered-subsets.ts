/** Some of the environments, and what winning them all is worth. */
export interface LayeredSubset {
  /** `L2_ded_sat`: the size, then the environments in order. */
  readonly key: string
  /** How many environments it holds. */
  readonly layer: number
  /** A set bit for each of its environments, by their place in the sorted list. */
  readonly mask: number
  /** Points to share out. */
  readonly weight: number
}

/**
 * All combinations of N environments that count: those of the `maxLayers` largest sizes. The lowest layer is worth N
 * points, each one above `growth` times the one below, and a layer's points are the same for each of its combinations.
 * Sorted by layer, then key; `environments` must be sorted.
 */
export function layeredSubsets(
  params: Readonly<{ environments: readonly string[]; maxLayers: number; growth: number }>,
): readonly LayeredSubset[] {
  const { environments, maxLayers, growth } = params
  const count = environments.length
  const lowest = Math.max(1, count - maxLayers + 1)
  const subsets: LayeredSubset[] = []
  for (let layer = lowest; layer <= count; layer++) {
    const masks = masksOfSize(count, layer)
    const weight = (count * growth ** (layer - lowest)) / masks.length
    const sameLayer = masks.map((mask) => ({ key: keyOf(layer, mask, environments), layer, mask, weight }))
    subsets.push(...sameLayer.toSorted((a, b) => (a.key < b.key ? -1 : 1)))
  }
  return subsets
}

function masksOfSize(count: number, size: number): readonly number[] {
  const masks: number[] = []
  for (let mask = 1; mask < 1 << count; mask++) if (bitCount(mask) === size) masks.push(mask)
  return masks
}

function bitCount(mask: number): number {
  let rest = mask
  let bits = 0
  for (; rest !== 0; rest &= rest - 1) bits += 1
  return bits
}

function keyOf(layer: number, mask: number, environments: readonly string[]): string {
  return [`L${layer}`, ...environments.filter((_name, place) => (mask & (1 << place)) !== 0)].join('_')
}
