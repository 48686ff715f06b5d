import { type NeighbourIndex, neighbourCount } from './neighbour-index.ts'

/**
 * Share of an address's pairs of neighbours that trade with each other; 0 with fewer than two. Each triangle is found
 * once, from its member of lowest degree, over the links that lead upwards only, so that hubs cost little.
 */
export function clusteringCoefficient(index: NeighbourIndex, signal?: AbortSignal): Float64Array {
  const { nodeCount } = index
  const { start, ids } = upwardLinks(index)
  const triangles = new Float64Array(nodeCount)
  const markedBy = new Int32Array(nodeCount).fill(-1)
  for (let id = 0; id < nodeCount; id++) {
    if (id % 4096 === 0) signal?.throwIfAborted()
    const first = start[id] ?? 0
    const end = start[id + 1] ?? 0
    if (end - first < 2) continue
    for (let at = first; at < end; at++) markedBy[ids[at] ?? 0] = id
    for (let at = first; at < end; at++) {
      const middle = ids[at] ?? 0
      for (let next = start[middle] ?? 0; next < (start[middle + 1] ?? 0); next++) {
        const third = ids[next] ?? 0
        if (markedBy[third] !== id) continue
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

/** Each link once, from its end of lower degree: at most √(2·links) leave any address, a hub included. */
function upwardLinks({ nodeCount, start, ids }: NeighbourIndex): {
  readonly start: Uint32Array
  readonly ids: Uint32Array
} {
  const upStart = new Uint32Array(nodeCount + 1)
  const up = new Uint32Array(ids.length)
  let count = 0
  for (let id = 0; id < nodeCount; id++) {
    const degree = (start[id + 1] ?? 0) - (start[id] ?? 0)
    for (let at = start[id] ?? 0; at < (start[id + 1] ?? 0); at++) {
      const other = ids[at] ?? 0
      const otherDegree = (start[other + 1] ?? 0) - (start[other] ?? 0)
      if (otherDegree > degree || (otherDegree === degree && other > id)) up[count++] = other
    }
    upStart[id + 1] = count
  }
  return { start: upStart, ids: up }
}
