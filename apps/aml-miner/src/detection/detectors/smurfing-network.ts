import type { DetectionContext } from '../detection-context.ts'
import type { Finding } from '../finding.ts'
import { LINKS_PER_PAYMENT, NO_PAYMENT, type PassThroughLinks } from '../graph/pass-through-links.ts'
import { rowsOfPayments } from '../graph/payments.ts'
import { confidenceOfChance } from '../statistics/confidence-of-chance.ts'
import { poissonTail } from '../statistics/poisson-tail.ts'

/**
 * SMURFING_NETWORK: one address pays several mules, and each passes the money on to the same receiver. Fires on more
 * mules between two addresses than their degrees make likely.
 */
export function detectSmurfingNetworks(context: DetectionContext, links: PassThroughLinks): Finding[] {
  const { graph, payments, options } = context
  const { keys, first, second } = twoHopFlows(context, links)
  const order = Uint32Array.from(keys.keys()).sort(
    (a, b) => (keys[a] ?? 0) - (keys[b] ?? 0) || (first[a] ?? 0) - (first[b] ?? 0),
  )
  const findings: Finding[] = []
  for (let low = 0; low < order.length;) {
    const key = keys[order[low] ?? 0]
    let high = low
    while (high < order.length && keys[order[high] ?? 0] === key) high++
    const flows = order.subarray(low, high)
    low = high
    if (flows.length < options.minMules) continue
    const mules = [...new Set(Array.from(flows, (flow) => payments.to[first[flow] ?? 0] ?? 0))].sort(
      (a, b) => a - b,
    )
    if (mules.length < options.minMules) continue
    const source = payments.from[first[flows[0] ?? 0] ?? 0] ?? 0
    const sink = payments.to[second[flows[0] ?? 0] ?? 0] ?? 0
    const usual =
      ((graph.outDegree[source] ?? 0) * (graph.inDegree[sink] ?? 0)) / Math.max(1, graph.nodeCount)
    const expectedByChance = payments.count * poissonTail(mules.length, Math.max(usual, 0.01))
    if (expectedByChance > options.maxExpectedByChance) continue
    const used = new Set(Array.from(flows).flatMap((flow) => [first[flow] ?? 0, second[flow] ?? 0]))
    findings.push(toFinding(source, sink, mules, rowsOfPayments(payments, used), expectedByChance, context))
  }
  return findings
}

function twoHopFlows(
  context: DetectionContext,
  links: PassThroughLinks,
): { readonly keys: Float64Array; readonly first: Uint32Array; readonly second: Uint32Array } {
  const { graph, payments } = context
  const keys: number[] = []
  const first: number[] = []
  const second: number[] = []
  for (let at = 0; at < links.next.length; at++) {
    const next = links.next[at] ?? NO_PAYMENT
    if (next === NO_PAYMENT) continue
    const payment = Math.floor(at / LINKS_PER_PAYMENT)
    const source = payments.from[payment] ?? 0
    const sink = payments.to[next] ?? 0
    if (source === sink) continue
    keys.push(source * graph.nodeCount + sink)
    first.push(payment)
    second.push(next)
  }
  return { keys: Float64Array.from(keys), first: Uint32Array.from(first), second: Uint32Array.from(second) }
}

function toFinding(
  source: number,
  sink: number,
  mules: readonly number[],
  rows: readonly number[],
  expectedByChance: number,
  context: DetectionContext,
): Finding {
  const confidence = confidenceOfChance(expectedByChance)
  const from = context.addressOf(source)
  const to = context.addressOf(sink)
  return {
    typology: 'SMURFING_NETWORK',
    patternType: 'smurfing_network',
    detectionMethod: 'several mules between one sender and one receiver',
    members: [
      {
        id: source,
        role: 'source',
        confidence,
        description: `Paid ${mules.length} addresses that each passed the money on to ${to}.`,
      },
      {
        id: sink,
        role: 'aggregator',
        confidence,
        description: `Received through ${mules.length} addresses money that came from ${from}.`,
      },
      ...mules.map((id) => ({
        id,
        role: 'mule',
        confidence,
        description: `Passed money from ${from} on to ${to}, as ${mules.length - 1} other addresses did.`,
      })),
    ],
    rows,
    expectedByChance,
    evidence: { mules: mules.length },
    riskIndicators: ['smurfing_network', 'coordinated_transfers', 'threshold_evasion'],
    suspectedAddressType: 'wallet',
  }
}
