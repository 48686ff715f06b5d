import type { DetectionContext } from '../detection-context.ts'
import { componentsOf } from './components.ts'
import type { TemporalGraph } from './temporal-graph.ts'

/** Graph features by their stored name; one value per address id, floats finite. */
export type GraphFeatures = Readonly<Record<string, Float64Array>>

/** Computes the features that a table scan cannot: those that need the whole graph. */
export function computeGraphFeatures(context: DetectionContext): GraphFeatures {
  const { graph } = context
  return {
    component: Float64Array.from(componentsOf(graph.nodeCount, pairLinks(graph))),
  }
}

function* pairLinks(graph: TemporalGraph): Generator<[number, number]> {
  const { pairs } = graph
  for (let pair = 0; pair < pairs.count; pair++) yield [pairs.from[pair] ?? 0, pairs.to[pair] ?? 0]
}
