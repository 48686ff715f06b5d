import type { TemporalGraph } from './temporal-graph.ts'

/**
 * Marks hubs: addresses with far more distinct counterparties than is usual in this window (exchanges, shops, payrolls).
 * They are neither steps of a flow nor suspicious for their degree. Usual is the median of the active addresses.
 */
export function markHubs(graph: TemporalGraph, timesMedian: number, atLeast: number): Uint8Array {
  const degrees = new Uint32Array(graph.nodeCount)
  for (let id = 0; id < graph.nodeCount; id++) {
    degrees[id] = (graph.inDegree[id] ?? 0) + (graph.outDegree[id] ?? 0)
  }
  const active = degrees.filter((degree) => degree > 0).sort()
  const median = active[active.length >>> 1] ?? 0
  const limit = Math.max(atLeast, timesMedian * median)
  return Uint8Array.from(degrees, (degree) => (degree > limit ? 1 : 0))
}
