import type { TemporalGraph } from './temporal-graph.ts'

/** Who traded with whom, direction and number forgotten. */
export interface NeighbourIndex {
  readonly nodeCount: number
  /** Neighbours of an address, ascending and each once: `ids[start[id]] … ids[start[id + 1] - 1]`. */
  readonly start: Uint32Array
  readonly ids: Uint32Array
}

/** Merges receivers and senders of each address. Linear. */
export function createNeighbourIndex(graph: TemporalGraph): NeighbourIndex {
  const { pairs, nodeCount } = graph
  const start = new Uint32Array(nodeCount + 1)
  const ids = new Uint32Array(pairs.count * 2)
  let length = 0
  for (let id = 0; id < nodeCount; id++) {
    let out = pairs.outStart[id] ?? 0
    let into = pairs.inStart[id] ?? 0
    const outEnd = pairs.outStart[id + 1] ?? 0
    const inEnd = pairs.inStart[id + 1] ?? 0
    while (out < outEnd || into < inEnd) {
      const receiver = out < outEnd ? (pairs.to[out] ?? 0) : nodeCount
      const sender = into < inEnd ? (pairs.from[pairs.inPairs[into] ?? 0] ?? 0) : nodeCount
      ids[length++] = Math.min(receiver, sender)
      if (receiver <= sender) out++
      if (sender <= receiver) into++
    }
    start[id + 1] = length
  }
  return { nodeCount, start, ids: ids.slice(0, length) }
}

/** How many neighbours an address has. */
export function neighbourCount(index: NeighbourIndex, id: number): number {
  return (index.start[id + 1] ?? 0) - (index.start[id] ?? 0)
}
