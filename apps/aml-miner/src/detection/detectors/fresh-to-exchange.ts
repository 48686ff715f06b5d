import type { DetectionContext } from '../detection-context.ts'
import type { Finding } from '../finding.ts'

const FRESH_AFTER_SHARE_OF_WINDOW = 0.1
const LONGEST_LIFE_MS = 2 * 86_400_000
const LEAST_USD = 500
const LEAST_FORWARDED_SHARE = 0.8
/** Deposit addresses of exchanges behave like this too, so it is never more than a hint. */
const LEAST_CONFIDENCE = 0.2
const PROMPT_CONFIDENCE = 0.2
const EXCHANGE_TYPES = new Set(['exchange', 'dex'])

/**
 * FRESH_TO_EXCHANGE: an address that first appears within the window, takes money in and within two days sends most of
 * it to a labelled exchange, and does nothing else. Only with labels; without amounts the sums are not looked at.
 */
export async function detectFreshToExchange(context: DetectionContext): Promise<Finding[]> {
  const { graph, input } = context
  const exchanges = new Set(
    [...(input.labels ?? [])].filter(([, label]) => EXCHANGE_TYPES.has(label.addressType)).map(([id]) => id),
  )
  if (exchanges.size === 0) return []
  const freshFrom = input.window.startMs + FRESH_AFTER_SHARE_OF_WINDOW * context.spanMs
  const findings: Finding[] = []
  for (let id = 0; id < graph.nodeCount; id++) {
    if (id % 2048 === 0) await context.checkpoint()
    if (exchanges.has(id)) continue
    const received = Array.from(graph.inRows.subarray(graph.inStart[id], graph.inStart[id + 1]))
    const sent = Array.from(graph.outRows.subarray(graph.outStart[id], graph.outStart[id + 1]))
    const first = received[0]
    const last = sent[sent.length - 1]
    if (first === undefined || last === undefined || (sent[0] ?? 0) < first) continue
    const bornMs = graph.timestampMs[first] ?? 0
    const lastReceived = received[received.length - 1] ?? first
    const endedMs = Math.max(graph.timestampMs[last] ?? 0, graph.timestampMs[lastReceived] ?? 0)
    if (bornMs < freshFrom || endedMs - bornMs > LONGEST_LIFE_MS) continue
    if (received.some((row) => exchanges.has(graph.from[row] ?? 0))) continue
    if (!sent.every((row) => exchanges.has(graph.to[row] ?? 0))) continue
    if (context.amounts.isMeaningful && !isMostForwarded(received, sent, context)) continue
    findings.push(toFinding(id, received, sent, (endedMs - bornMs) / 3_600_000))
  }
  return findings
}

function isMostForwarded(
  received: readonly number[],
  sent: readonly number[],
  context: DetectionContext,
): boolean {
  const sum = (rows: readonly number[]): number =>
    rows.reduce((total, row) => total + (context.amounts.amounts[row] ?? 0), 0)
  return sum(sent) >= LEAST_USD * 1e6 && sum(sent) >= LEAST_FORWARDED_SHARE * sum(received)
}

function toFinding(
  id: number,
  received: readonly number[],
  sent: readonly number[],
  lifeHours: number,
): Finding {
  return {
    typology: 'FRESH_TO_EXCHANGE',
    patternType: '',
    detectionMethod: 'fresh address that empties itself into an exchange',
    members: [
      {
        id,
        role: 'fresh address',
        confidence: LEAST_CONFIDENCE + PROMPT_CONFIDENCE / (1 + lifeHours / 6),
        description: `Appeared, received ${received.length} and sent ${sent.length} transfers to an exchange within ${lifeHours.toFixed(1)} hours, and did nothing else.`,
      },
    ],
    rows: [...received, ...sent].sort((a, b) => a - b),
    expectedByChance: 1,
    evidence: {
      received: received.length,
      sentToExchange: sent.length,
      lifeHours: Math.round(lifeHours * 1000) / 1000,
    },
    riskIndicators: ['fresh_funds', 'immediate_exchange_transfer'],
    suspectedAddressType: 'wallet',
  }
}
