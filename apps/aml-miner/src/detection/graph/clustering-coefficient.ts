import { type NeighbourIndex, neighbourCount } from './neighbour-index.ts'

/**
 * Share of an address's pairs of neighbours that trade with each other; 0 with fewer than two. Each triangle is found
 * once, from its member of lowest degree, so that hubs cost little.
 */
export function clusteringCoefficient(index: NeighbourIndex, signal?: AbortSignal): Float64Array {
  const { nodeCount, start, ids } = index
  const triangles = new Float64Array(nodeCount)
  const markedBy = new Int32Array(nodeCount).fill(-1)
  for (let id = 0; id < nodeCount; id++) {
    if (id % 4096 === 0) signal?.throwIfAborted()
    for (let at = start[id] ?? 0; at < (start[id + 1] ?? 0); at++) {
      if (isAbove(index, ids[at] ?? 0, id)) markedBy[ids[at] ?? 0] = id
    }
    for (let at = start[id] ?? 0; at < (start[id + 1] ?? 0); at++) {
      const middle = ids[at] ?? 0
      if (!isAbove(index, middle, id)) continue
      for (let next = start[middle] ?? 0; next < (start[middle + 1] ?? 0); next++) {
        const third = ids[next] ?? 0
        if (markedBy[third] !== id || !isAbove(index, third, middle)) continue
        triangles[id] = (triangles[id] ?? 0) + 1
        triangles[middle] = (triangles[middle] ?? 0) + 1
        triangles[third] = (triangles[third] ?? 0) + 1
      }
    }
  }
  return triangles.map((count, id) => {
    const degree = neighbourCount(index, id)
    return degree < 2 ? 0 : (2 * count) / (degree * (degree - 1))
  })
}

/** Orders addresses by degree, then id: edges pointing up leave each address at most √(2·edges) of them. */
function isAbove(index: NeighbourIndex, a: number, b: number): boolean {
  const difference = neighbourCount(index, a) - neighbourCount(index, b)
  return difference > 0 || (difference === 0 && a > b)
}
