import type { DetectionContext } from '../detection-context.ts'
import type { Finding } from '../finding.ts'
import { LINKS_PER_PAYMENT, NO_PAYMENT, type PassThroughLinks } from '../graph/pass-through-links.ts'
import { rowsOfPayments } from '../graph/payments.ts'
import { findExit } from '../graph/through-flow.ts'
import { confidenceOfChance } from '../statistics/confidence-of-chance.ts'

/** Mules of one run are paid within a week; spread over a month they are business partners. */
const LONGEST_RUN_MS = 7 * 86_400_000

/**
 * SMURFING_NETWORK: one address pays several mules, and each passes the money on to the same receiver. Fires on
 * `minMules` or more whose joint forwarding is surprising; a second receiver of the same sender needs only two.
 */
export async function detectSmurfingNetworks(
  context: DetectionContext,
  links: PassThroughLinks,
): Promise<Finding[]> {
  const { payments, options } = context
  const stars = starsOf(context, links)
  const sure = new Set(
    stars
      .filter(
        (star) =>
          star.mules.length >= options.minMules && star.expectedByChance <= options.maxExpectedByChance,
      )
      .map((star) => star.source),
  )
  return stars
    .filter((star) => sure.has(star.source) && star.expectedByChance <= options.maxExpectedByChance)
    .map((star) => {
      const arrivals = star.payments.filter((payment) => payments.to[payment] === star.sink)
      const sum = arrivals.reduce((total, payment) => total + (payments.amount[payment] ?? 0), 0)
      const endMs = arrivals.reduce((last, payment) => Math.max(last, payments.lastMs[payment] ?? 0), 0)
      return toFinding(star, findExit(context, star.sink, sum, endMs)?.payments ?? [], context)
    })
}

/** One sender and one receiver with the mules between them. */
interface Star {
  readonly source: number
  readonly sink: number
  readonly mules: readonly number[]
  readonly payments: readonly number[]
  readonly expectedByChance: number
}

/** All pairs of addresses with two mules or more between them, in the order of their ids. */
function starsOf(context: DetectionContext, links: PassThroughLinks): Star[] {
  const { payments } = context
  const { keys, first, second, chance } = twoHopFlows(context, links)
  const order = Uint32Array.from(keys.keys()).sort(
    (a, b) => (keys[a] ?? 0) - (keys[b] ?? 0) || (chance[a] ?? 0) - (chance[b] ?? 0) || a - b,
  )
  const stars: Star[] = []
  for (let low = 0; low < order.length;) {
    const key = keys[order[low] ?? 0]
    let high = low
    const mules = new Set<number>()
    let product = payments.count
    while (high < order.length && keys[order[high] ?? 0] === key) {
      const flow = order[high] ?? 0
      const mule = payments.to[first[flow] ?? 0] ?? 0
      if (!mules.has(mule)) product *= Math.min(1, chance[flow] ?? 1)
      mules.add(mule)
      high++
    }
    const flows = Array.from(order.subarray(low, high))
    low = high
    if (
      mules.size < 2 ||
      spanOf(flows.map((flow) => payments.firstMs[first[flow] ?? 0] ?? 0)) > LONGEST_RUN_MS
    )
      continue
    stars.push({
      source: payments.from[first[flows[0] ?? 0] ?? 0] ?? 0,
      sink: payments.to[second[flows[0] ?? 0] ?? 0] ?? 0,
      mules: [...mules].sort((a, b) => a - b),
      payments: [...new Set(flows.flatMap((flow) => [first[flow] ?? 0, second[flow] ?? 0]))],
      expectedByChance: product,
    })
  }
  return stars
}

function spanOf(times: readonly number[]): number {
  return times.reduce((last, ms) => Math.max(last, ms), 0) - times.reduce((first, ms) => Math.min(first, ms))
}

interface TwoHopFlows {
  /** Sender × addresses + receiver. */
  readonly keys: Float64Array
  readonly first: Uint32Array
  readonly second: Uint32Array
  readonly chance: Float64Array
}

function twoHopFlows(context: DetectionContext, links: PassThroughLinks): TwoHopFlows {
  const { graph, payments } = context
  const keys: number[] = []
  const first: number[] = []
  const second: number[] = []
  const chance: number[] = []
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
    chance.push(links.chance[at] ?? 1)
  }
  return {
    keys: Float64Array.from(keys),
    first: Uint32Array.from(first),
    second: Uint32Array.from(second),
    chance: Float64Array.from(chance),
  }
}

function toFinding(
  { source, sink, mules, payments: through, expectedByChance }: Star,
  exit: readonly number[],
  context: DetectionContext,
): Finding {
  const { payments } = context
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
      ...[...new Set(exit.map((payment) => payments.to[payment] ?? 0))]
        .filter((id) => id !== source && !mules.includes(id))
        .map((id) => ({
          id,
          role: 'exit',
          confidence: confidence * 0.9,
          description: `Received from ${to} what it had gathered through ${mules.length} addresses.`,
        })),
    ],
    rows: rowsOfPayments(payments, new Set([...through, ...exit])),
    expectedByChance,
    evidence: { mules: mules.length },
    riskIndicators: ['smurfing_network', 'coordinated_transfers', 'threshold_evasion'],
    suspectedAddressType: 'wallet',
  }
}
