import type { TransferColumns } from '@subnetkit/core'

/** All transfers between one ordered pair of different addresses; rows ascend, so they are in time order. */
export interface PairIndex {
  readonly count: number
  readonly from: Uint32Array
  readonly to: Uint32Array
  /** Rows of pair p: `rows[start[p]] … rows[start[p + 1] - 1]`. */
  readonly start: Uint32Array
  readonly rows: Uint32Array
  /** Pair of each transfer; `NO_PAIR` for self-transfers. */
  readonly pairOfRow: Uint32Array
  /** Pairs leaving an address: a contiguous range, `outStart[id] … outStart[id + 1] - 1`, ascending by receiver. */
  readonly outStart: Uint32Array
  /** Pairs reaching an address: `inPairs[inStart[id]] …`, ascending by sender. */
  readonly inStart: Uint32Array
  readonly inPairs: Uint32Array
}

/** Marks a transfer from an address to itself: it is no edge. */
const NO_PAIR = 0xffffffff

/** The one structure that all detectors walk: adjacency in time order, and distinct pairs. Linear to build. */
export interface TemporalGraph {
  readonly nodeCount: number
  readonly rowCount: number
  readonly from: Uint32Array
  readonly to: Uint32Array
  readonly timestampMs: Float64Array
  /** Transfers leaving an address, in time order: `outRows[outStart[id]] …`. Self-transfers are left out. */
  readonly outStart: Uint32Array
  readonly outRows: Uint32Array
  /** Transfers reaching an address, in time order. Self-transfers are left out. */
  readonly inStart: Uint32Array
  readonly inRows: Uint32Array
  readonly pairs: PairIndex
  /** Distinct receivers and senders of each address. */
  readonly outDegree: Uint32Array
  readonly inDegree: Uint32Array
}

/** Groups the rows of a window; keeps their order, so everything derived is a function of the total order alone. */
export function createTemporalGraph(transfers: TransferColumns): TemporalGraph {
  const { from, to, timestampMs, addresses } = transfers
  const nodeCount = addresses.length
  const edges = rowsBetweenDifferent(from, to)
  const incoming = groupRows(edges, to, nodeCount)
  const outgoing = groupRows(edges, from, nodeCount)
  const byPair = groupRows(incoming.rows, from, nodeCount).rows
  const pairs = indexPairs(byPair, from, to, nodeCount)
  const outDegree = new Uint32Array(nodeCount)
  const inDegree = new Uint32Array(nodeCount)
  for (let id = 0; id < nodeCount; id++) {
    outDegree[id] = (pairs.outStart[id + 1] ?? 0) - (pairs.outStart[id] ?? 0)
    inDegree[id] = (pairs.inStart[id + 1] ?? 0) - (pairs.inStart[id] ?? 0)
  }
  return {
    nodeCount,
    rowCount: from.length,
    from,
    to,
    timestampMs,
    outStart: outgoing.start,
    outRows: outgoing.rows,
    inStart: incoming.start,
    inRows: incoming.rows,
    pairs,
    outDegree,
    inDegree,
  }
}

function rowsBetweenDifferent(from: Uint32Array, to: Uint32Array): Uint32Array {
  const rows = new Uint32Array(from.length)
  let length = 0
  for (let row = 0; row < from.length; row++) {
    if (from[row] !== to[row]) rows[length++] = row
  }
  return rows.slice(0, length)
}

function groupRows(
  rows: Uint32Array,
  key: Uint32Array,
  groups: number,
): { readonly start: Uint32Array; readonly rows: Uint32Array } {
  const start = new Uint32Array(groups + 1)
  for (const row of rows) {
    const group = (key[row] ?? 0) + 1
    start[group] = (start[group] ?? 0) + 1
  }
  for (let group = 0; group < groups; group++)
    start[group + 1] = (start[group + 1] ?? 0) + (start[group] ?? 0)
  const next = start.slice(0, groups)
  const grouped = new Uint32Array(rows.length)
  for (const row of rows) {
    const group = key[row] ?? 0
    const at = next[group] ?? 0
    grouped[at] = row
    next[group] = at + 1
  }
  return { start, rows: grouped }
}

function indexPairs(rows: Uint32Array, from: Uint32Array, to: Uint32Array, nodeCount: number): PairIndex {
  const pairOfRow = new Uint32Array(from.length).fill(NO_PAIR)
  const pairFrom = new Uint32Array(rows.length)
  const pairTo = new Uint32Array(rows.length)
  const start = new Uint32Array(rows.length + 1)
  const outStart = new Uint32Array(nodeCount + 1)
  let count = 0
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] ?? 0
    const source = from[row] ?? 0
    const target = to[row] ?? 0
    if (count === 0 || pairFrom[count - 1] !== source || pairTo[count - 1] !== target) {
      pairFrom[count] = source
      pairTo[count] = target
      start[count] = at
      outStart[source + 1] = (outStart[source + 1] ?? 0) + 1
      count++
    }
    pairOfRow[row] = count - 1
  }
  start[count] = rows.length
  for (let id = 0; id < nodeCount; id++) outStart[id + 1] = (outStart[id + 1] ?? 0) + (outStart[id] ?? 0)
  const all = new Uint32Array(count)
  for (let pair = 0; pair < count; pair++) all[pair] = pair
  const incoming = groupRows(all, pairTo, nodeCount)
  return {
    count,
    from: pairFrom.slice(0, count),
    to: pairTo.slice(0, count),
    start: start.slice(0, count + 1),
    rows,
    pairOfRow,
    outStart,
    inStart: incoming.start,
    inPairs: incoming.rows,
  }
}
