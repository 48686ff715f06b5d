import { type NeighbourIndex, neighbourCount } from './neighbour-index.ts'

/** How many other addresses lie within one and within two hops. */
export interface KHopCounts {
  readonly oneHop: Float64Array
  readonly twoHops: Float64Array
}

/** Exact but for hubs: a hub is counted and not passed through. */
export function kHopCounts(index: NeighbourIndex, isHub: Uint8Array, signal?: AbortSignal): KHopCounts {
  const { nodeCount, start, ids } = index
  const oneHop = new Float64Array(nodeCount)
  const twoHops = new Float64Array(nodeCount)
  const seenBy = new Int32Array(nodeCount).fill(-1)
  for (let id = 0; id < nodeCount; id++) {
    if (id % 4096 === 0) signal?.throwIfAborted()
    let reached = 0
    seenBy[id] = id
    for (let at = start[id] ?? 0; at < (start[id + 1] ?? 0); at++) {
      const middle = ids[at] ?? 0
      if (seenBy[middle] !== id) {
        seenBy[middle] = id
        reached++
      }
      if (isHub[middle] === 1) continue
      for (let next = start[middle] ?? 0; next < (start[middle + 1] ?? 0); next++) {
        const third = ids[next] ?? 0
        if (seenBy[third] === id) continue
        seenBy[third] = id
        reached++
      }
    }
    oneHop[id] = neighbourCount(index, id)
    twoHops[id] = reached
  }
  return { oneHop, twoHops }
}
