import type { NeighbourIndex } from './neighbour-index.ts'

const ROUNDS = 8

/**
 * Communities by label propagation: each address takes the label most frequent among its neighbours, the smallest of
 * equals, in the order of ids, for at most 8 rounds. The id of a community is the smallest address id that carries it.
 */
export function communities(index: NeighbourIndex, signal?: AbortSignal): Uint32Array {
  const { nodeCount, start, ids } = index
  const label = Uint32Array.from({ length: nodeCount }, (_, id) => id)
  const votes = new Uint32Array(nodeCount)
  for (let round = 0; round < ROUNDS; round++) {
    signal?.throwIfAborted()
    let changes = 0
    for (let id = 0; id < nodeCount; id++) {
      const first = start[id] ?? 0
      const end = start[id + 1] ?? 0
      if (first === end) continue
      const chosen = mostFrequent(ids.subarray(first, end), label, votes)
      if (chosen !== label[id]) changes++
      label[id] = chosen
    }
    if (changes === 0) break
  }
  const smallest = new Uint32Array(nodeCount).fill(nodeCount)
  for (let id = nodeCount - 1; id >= 0; id--) smallest[label[id] ?? 0] = id
  return label.map((value) => smallest[value] ?? value)
}

function mostFrequent(neighbours: Uint32Array, label: Uint32Array, votes: Uint32Array): number {
  let chosen = label[neighbours[0] ?? 0] ?? 0
  for (const neighbour of neighbours) {
    const candidate = label[neighbour] ?? 0
    const count = (votes[candidate] ?? 0) + 1
    votes[candidate] = count
    const most = votes[chosen] ?? 0
    if (count > most || (count === most && candidate < chosen)) chosen = candidate
  }
  for (const neighbour of neighbours) votes[label[neighbour] ?? 0] = 0
  return chosen
}
