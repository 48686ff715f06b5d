import type { TemporalGraph } from './temporal-graph.ts'

const DAMPING = 0.85
const ROUNDS = 30

/** PageRank over distinct directed pairs, 30 rounds with damping 0.85; sums to 1. Fixed order of summation. */
export function pageRank(graph: TemporalGraph, signal?: AbortSignal): Float64Array {
  const { pairs, nodeCount, outDegree } = graph
  let rank = new Float64Array(nodeCount).fill(1 / Math.max(1, nodeCount))
  for (let round = 0; round < ROUNDS; round++) {
    signal?.throwIfAborted()
    const next = new Float64Array(nodeCount)
    let idle = 0
    for (let id = 0; id < nodeCount; id++) if (outDegree[id] === 0) idle += rank[id] ?? 0
    for (let pair = 0; pair < pairs.count; pair++) {
      const from = pairs.from[pair] ?? 0
      const to = pairs.to[pair] ?? 0
      next[to] = (next[to] ?? 0) + (rank[from] ?? 0) / (outDegree[from] ?? 1)
    }
    for (let id = 0; id < nodeCount; id++) {
      next[id] = (1 - DAMPING) / nodeCount + DAMPING * ((next[id] ?? 0) + idle / nodeCount)
    }
    rank = next
  }
  return rank
}
