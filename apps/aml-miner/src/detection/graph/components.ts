/** The component of each of `count` things under undirected links: the smallest index in it. */
export function componentsOf(count: number, links: Iterable<readonly [number, number]>): Uint32Array {
  const parent = new Uint32Array(count)
  for (let i = 0; i < count; i++) parent[i] = i
  for (const [a, b] of links) {
    const rootA = rootOf(parent, a)
    const rootB = rootOf(parent, b)
    if (rootA < rootB) parent[rootB] = rootA
    else parent[rootA] = rootB
  }
  for (let i = 0; i < count; i++) parent[i] = rootOf(parent, i)
  return parent
}

function rootOf(parent: Uint32Array, start: number): number {
  let at = start
  while ((parent[at] ?? at) !== at) {
    const next = parent[parent[at] ?? at] ?? at
    parent[at] = next
    at = next
  }
  return at
}
