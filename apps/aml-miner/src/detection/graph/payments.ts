import type { TemporalGraph } from './temporal-graph.ts'

/**
 * Payments: transfers of one pair that follow each other closely count as one, as a payer means them, so that cutting a
 * sum into pieces hides nothing. Payment p consists of `rowsByPair[start[p]] … rowsByPair[start[p + 1] - 1]`.
 */
export interface Payments {
  readonly count: number
  readonly from: Uint32Array
  readonly to: Uint32Array
  readonly start: Uint32Array
  readonly rowsByPair: Uint32Array
  /** Sum in millionths of a dollar, as a float: for ratios, never stored. */
  readonly amount: Float64Array
  readonly firstMs: Float64Array
  readonly lastMs: Float64Array
  /** Payments of the same pair in the whole window: 1 for a relation that exists for this payment only. */
  readonly ofPair: Uint32Array
  /** Payments leaving an address, by their first transfer: `out[outStart[id]] …`. */
  readonly outStart: Uint32Array
  readonly out: Uint32Array
  /** Payments reaching an address, by pair and time: `in[inStart[id]] …`. */
  readonly inStart: Uint32Array
  readonly in: Uint32Array
}

/** Joins the transfers of each pair whose gaps stay within `mergeGapMs`. Linear but for sorting each address's own. */
export function createPayments(graph: TemporalGraph, amounts: Float64Array, mergeGapMs: number): Payments {
  const { pairs, timestampMs, nodeCount } = graph
  const rows = pairs.rows.length
  const from = new Uint32Array(rows)
  const to = new Uint32Array(rows)
  const start = new Uint32Array(rows + 1)
  const amount = new Float64Array(rows)
  const firstMs = new Float64Array(rows)
  const lastMs = new Float64Array(rows)
  const ofPair = new Uint32Array(rows)
  let count = 0
  for (let pair = 0; pair < pairs.count; pair++) {
    const firstPayment = count
    for (let at = pairs.start[pair] ?? 0; at < (pairs.start[pair + 1] ?? 0); at++) {
      const row = pairs.rows[at] ?? 0
      const ms = timestampMs[row] ?? 0
      if (count === firstPayment || ms - (lastMs[count - 1] ?? 0) > mergeGapMs) {
        from[count] = pairs.from[pair] ?? 0
        to[count] = pairs.to[pair] ?? 0
        start[count] = at
        firstMs[count] = ms
        count++
      }
      amount[count - 1] = (amount[count - 1] ?? 0) + (amounts[row] ?? 0)
      lastMs[count - 1] = ms
    }
    for (let payment = firstPayment; payment < count; payment++) ofPair[payment] = count - firstPayment
  }
  start[count] = rows
  const outgoing = group(from, count, nodeCount)
  const incoming = group(to, count, nodeCount)
  for (let id = 0; id < nodeCount; id++) {
    outgoing.items
      .subarray(outgoing.start[id], outgoing.start[id + 1])
      .sort((a, b) => (firstMs[a] ?? 0) - (firstMs[b] ?? 0) || a - b)
  }
  return {
    count,
    from: from.slice(0, count),
    to: to.slice(0, count),
    start: start.slice(0, count + 1),
    rowsByPair: pairs.rows,
    amount: amount.slice(0, count),
    firstMs: firstMs.slice(0, count),
    lastMs: lastMs.slice(0, count),
    ofPair: ofPair.slice(0, count),
    outStart: outgoing.start,
    out: outgoing.items,
    inStart: incoming.start,
    in: incoming.items,
  }
}

/** The transfers that these payments consist of, ascending. */
export function rowsOfPayments(payments: Payments, which: Iterable<number>): number[] {
  const rows: number[] = []
  for (const payment of which) {
    for (let at = payments.start[payment] ?? 0; at < (payments.start[payment + 1] ?? 0); at++) {
      rows.push(payments.rowsByPair[at] ?? 0)
    }
  }
  return rows.sort((a, b) => a - b)
}

function group(
  key: Uint32Array,
  count: number,
  groups: number,
): { readonly start: Uint32Array; readonly items: Uint32Array } {
  const start = new Uint32Array(groups + 1)
  for (let item = 0; item < count; item++) {
    const place = (key[item] ?? 0) + 1
    start[place] = (start[place] ?? 0) + 1
  }
  for (let place = 0; place < groups; place++)
    start[place + 1] = (start[place + 1] ?? 0) + (start[place] ?? 0)
  const next = start.slice(0, groups)
  const items = new Uint32Array(count)
  for (let item = 0; item < count; item++) {
    const place = key[item] ?? 0
    const at = next[place] ?? 0
    items[at] = item
    next[place] = at + 1
  }
  return { start, items }
}
