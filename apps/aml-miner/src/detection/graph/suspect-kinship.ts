import type { Finding } from '../finding.ts'
import type { TemporalGraph } from './temporal-graph.ts'

/** Do suspects seek each other's company beyond the patterns that made them suspects? */
export interface Kinship {
  /** Pairs between suspects that no pattern explains. */
  readonly observed: number
  /** What their degrees alone would give. */
  readonly expected: number
}

/** Counts distinct trading pairs between suspects, leaving out every pair that is part of a pattern. */
export function suspectKinship(
  graph: TemporalGraph,
  findings: readonly Finding[],
  suspects: ReadonlyMap<number, number>,
): Kinship {
  const { pairs } = graph
  const explained = new Uint8Array(pairs.count)
  for (const { rows } of findings) {
    for (const row of rows) explained[pairs.pairOfRow[row] ?? 0] = 1
  }
  let all = 0
  let from = 0
  let to = 0
  let observed = 0
  for (let pair = 0; pair < pairs.count; pair++) {
    if (explained[pair] === 1) continue
    const isFrom = suspects.has(pairs.from[pair] ?? 0)
    const isTo = suspects.has(pairs.to[pair] ?? 0)
    all++
    if (isFrom) from++
    if (isTo) to++
    if (isFrom && isTo) observed++
  }
  const expected = (from * to) / Math.max(1, all)
  return { observed, expected }
}
