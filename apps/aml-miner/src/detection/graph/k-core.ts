import { type NeighbourIndex, neighbourCount } from './neighbour-index.ts'

/** The largest k for which an address belongs to a group where each has k neighbours within the group. Linear. */
export function kCore(index: NeighbourIndex): Uint32Array {
  const { nodeCount } = index
  const core = new Uint32Array(nodeCount)
  let highest = 0
  for (let id = 0; id < nodeCount; id++) {
    core[id] = neighbourCount(index, id)
    highest = Math.max(highest, core[id] ?? 0)
  }
  const { binStart, order, place } = sortByDegree(core, highest)
  for (let at = 0; at < nodeCount; at++) {
    const id = order[at] ?? 0
    const own = core[id] ?? 0
    for (let edge = index.start[id] ?? 0; edge < (index.start[id + 1] ?? 0); edge++) {
      const neighbour = index.ids[edge] ?? 0
      const degree = core[neighbour] ?? 0
      if (degree <= own) continue
      const front = binStart[degree] ?? 0
      const displaced = order[front] ?? 0
      const from = place[neighbour] ?? 0
      order[front] = neighbour
      order[from] = displaced
      place[neighbour] = front
      place[displaced] = from
      binStart[degree] = front + 1
      core[neighbour] = degree - 1
    }
  }
  return core
}

function sortByDegree(
  degree: Uint32Array,
  highest: number,
): { readonly binStart: Uint32Array; readonly order: Uint32Array; readonly place: Uint32Array } {
  const counts = new Uint32Array(highest + 2)
  for (const value of degree) counts[value + 1] = (counts[value + 1] ?? 0) + 1
  for (let value = 0; value <= highest; value++)
    counts[value + 1] = (counts[value + 1] ?? 0) + (counts[value] ?? 0)
  const next = counts.slice()
  const order = new Uint32Array(degree.length)
  const place = new Uint32Array(degree.length)
  for (let id = 0; id < degree.length; id++) {
    const value = degree[id] ?? 0
    const at = next[value] ?? 0
    order[at] = id
    place[id] = at
    next[value] = at + 1
  }
  return { binStart: counts, order, place }
}
