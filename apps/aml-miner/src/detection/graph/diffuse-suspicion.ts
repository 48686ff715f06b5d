import type { TemporalGraph } from './temporal-graph.ts'

const ROUNDS = 20
const KEPT_AT_SOURCE = 0.5

/**
 * How much suspicion reaches each address when every suspect hands half of it on, in equal parts, to those it traded
 * with, over and over. Sums to at most 1. Hubs neither take nor give: everybody trades with an exchange.
 */
export function diffuseSuspicion(
  graph: TemporalGraph,
  seeds: ReadonlyMap<number, number>,
  isHub: Uint8Array,
  signal?: AbortSignal,
): Float64Array {
  if (seeds.size === 0) return new Float64Array(graph.nodeCount)
  const total = [...seeds.values()].reduce((sum, weight) => sum + weight, 0)
  const source = new Float64Array(graph.nodeCount)
  for (const [id, weight] of seeds) source[id] = weight / total
  const degree = new Uint32Array(graph.nodeCount)
  for (let id = 0; id < graph.nodeCount; id++) {
    degree[id] = isHub[id] === 1 ? 0 : (graph.inDegree[id] ?? 0) + (graph.outDegree[id] ?? 0)
  }
  let held: Float64Array = source
  for (let round = 0; round < ROUNDS; round++) {
    signal?.throwIfAborted()
    held = spreadOnce(graph, degree, source, held)
  }
  return held
}

function spreadOnce(
  graph: TemporalGraph,
  degree: Uint32Array,
  source: Float64Array,
  held: Float64Array,
): Float64Array {
  const { pairs } = graph
  const next = new Float64Array(graph.nodeCount)
  for (let pair = 0; pair < pairs.count; pair++) {
    const from = pairs.from[pair] ?? 0
    const to = pairs.to[pair] ?? 0
    const fromDegree = degree[from] ?? 0
    const toDegree = degree[to] ?? 0
    if (fromDegree === 0 || toDegree === 0) continue
    next[to] = (next[to] ?? 0) + (held[from] ?? 0) / fromDegree
    next[from] = (next[from] ?? 0) + (held[to] ?? 0) / toDegree
  }
  for (let id = 0; id < next.length; id++) {
    next[id] = KEPT_AT_SOURCE * (source[id] ?? 0) + (1 - KEPT_AT_SOURCE) * (next[id] ?? 0)
  }
  return next
}
