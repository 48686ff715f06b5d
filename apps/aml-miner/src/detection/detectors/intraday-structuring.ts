import type { DetectionContext } from '../detection-context.ts'
import type { Finding } from '../finding.ts'
import { confidenceOfChance } from '../statistics/confidence-of-chance.ts'
import { poissonTail } from '../statistics/poisson-tail.ts'

const DAY_MS = 86_400_000

/**
 * INTRADAY_STRUCTURING: one payment cut into several to the same receiver within a day, by a pair that does not trade
 * like that otherwise, in a window where pairs rarely do. How rare is measured in the window itself.
 */
export function detectIntradayStructuring(context: DetectionContext, maxExpected: number): Finding[] {
  const { pairs } = context.graph
  const shareWithAtLeast = tailOfPairSizes(context)
  const findings: Finding[] = []
  const budget = context.budget('INTRADAY_STRUCTURING')
  for (let pair = 0; pair < pairs.count && budget.take(); pair++) {
    const size = (pairs.start[pair + 1] ?? 0) - (pairs.start[pair] ?? 0)
    if (size < 2) continue
    const burst = densestDay(pair, context)
    if (burst.length < 2) continue
    const mean = ((size - 1) * Math.max(DAY_MS, context.resolutionMs)) / context.spanMs
    const clustered = Math.min(1, size * poissonTail(burst.length - 1, mean))
    const expectedByChance =
      pairs.count * (shareWithAtLeast[Math.min(size, shareWithAtLeast.length - 1)] ?? 1) * clustered
    if (expectedByChance > maxExpected) continue
    findings.push(toFinding(pair, burst, expectedByChance, context))
  }
  return findings
}

function tailOfPairSizes(context: DetectionContext): Float64Array {
  const { pairs } = context.graph
  const tail = new Float64Array(65)
  for (let pair = 0; pair < pairs.count; pair++) {
    const size = Math.min(64, (pairs.start[pair + 1] ?? 0) - (pairs.start[pair] ?? 0))
    tail[size] = (tail[size] ?? 0) + 1
  }
  for (let size = 63; size >= 0; size--) tail[size] = (tail[size] ?? 0) + (tail[size + 1] ?? 0)
  return tail.map((pairsOfSize) => pairsOfSize / Math.max(1, pairs.count))
}

function densestDay(pair: number, context: DetectionContext): number[] {
  const { pairs, timestampMs } = context.graph
  const first = pairs.start[pair] ?? 0
  const end = pairs.start[pair + 1] ?? 0
  let low = first
  let bestLow = first
  let bestHigh = first
  for (let high = first; high < end; high++) {
    const at = timestampMs[pairs.rows[high] ?? 0] ?? 0
    while (at - (timestampMs[pairs.rows[low] ?? 0] ?? 0) >= DAY_MS) low++
    if (high - low > bestHigh - bestLow) {
      bestLow = low
      bestHigh = high
    }
  }
  return Array.from(pairs.rows.subarray(bestLow, bestHigh + 1))
}

function toFinding(
  pair: number,
  rows: number[],
  expectedByChance: number,
  context: DetectionContext,
): Finding {
  const { pairs } = context.graph
  const confidence = confidenceOfChance(expectedByChance)
  const sender = pairs.from[pair] ?? 0
  const receiver = pairs.to[pair] ?? 0
  return {
    typology: 'INTRADAY_STRUCTURING',
    patternType: 'threshold_evasion',
    detectionMethod: 'several transfers of one pair within a day',
    members: [
      {
        id: sender,
        role: 'payer',
        confidence,
        description: `Sent ${rows.length} transfers to ${context.addressOf(receiver)} within one day, as if one payment had been cut up.`,
      },
      {
        id: receiver,
        role: 'payee',
        confidence,
        description: `Received ${rows.length} transfers from ${context.addressOf(sender)} within one day, as if one payment had been cut up.`,
      },
    ],
    rows,
    expectedByChance,
    evidence: { transfersWithinADay: rows.length },
    riskIndicators: ['small_transactions', 'frequent_activity', 'split_payment'],
    suspectedAddressType: 'wallet',
  }
}
