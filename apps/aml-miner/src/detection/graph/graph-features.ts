import type { DetectionContext } from '../detection-context.ts'
import { clusteringCoefficient } from './clustering-coefficient.ts'
import { communities } from './communities.ts'
import { componentsOf } from './components.ts'
import { kCore } from './k-core.ts'
import { kHopCounts } from './k-hop-counts.ts'
import { createNeighbourIndex } from './neighbour-index.ts'
import { pageRank } from './page-rank.ts'
import type { TemporalGraph } from './temporal-graph.ts'

/** Graph features by their stored name; one value per address id, finite. */
export type GraphFeatures = Readonly<
  Record<
    | 'pagerank'
    | 'kcore'
    | 'clustering_coefficient'
    | 'community_id'
    | 'component'
    | 'khop1_count'
    | 'khop2_count',
    Float64Array
  >
>

/**
 * Computes the features that need the whole graph: what a table scan cannot give. `community_id` and `component` are
 * the smallest address id of the group: names, not sizes.
 */
export async function computeGraphFeatures(context: DetectionContext): Promise<GraphFeatures> {
  const { graph, isHub, signal } = context
  const neighbours = createNeighbourIndex(graph)
  await context.checkpoint()
  const { oneHop, twoHops } = kHopCounts(neighbours, isHub, signal)
  await context.checkpoint()
  const pagerank = pageRank(graph, signal).map((rank) => Math.round(rank * 1e12) / 1e12)
  await context.checkpoint()
  const kcore = Float64Array.from(kCore(neighbours))
  await context.checkpoint()
  const clustering = clusteringCoefficient(neighbours, signal)
  await context.checkpoint()
  const communityIds = Float64Array.from(communities(neighbours, signal))
  await context.checkpoint()
  return {
    pagerank,
    kcore,
    clustering_coefficient: clustering,
    community_id: communityIds,
    component: Float64Array.from(componentsOf(graph.nodeCount, pairLinks(graph))),
    khop1_count: oneHop,
    khop2_count: twoHops,
  }
}

function* pairLinks(graph: TemporalGraph): Generator<[number, number]> {
  const { pairs } = graph
  for (let pair = 0; pair < pairs.count; pair++) yield [pairs.from[pair] ?? 0, pairs.to[pair] ?? 0]
}
