import type { DetectionContext } from '../detection-context.ts'
import type { Finding } from '../finding.ts'
import { confidenceOfFalseShare } from '../statistics/confidence-of-chance.ts'
import { poissonTail } from '../statistics/poisson-tail.ts'

const DAY_MS = 86_400_000
const LARGEST_COUNTED_SIZE = 64

interface Candidate {
  readonly pair: number
  readonly rows: readonly number[]
  readonly expectedByChance: number
}

/**
 * INTRADAY_STRUCTURING: one payment cut into several to the same receiver within a day, by a pair that does not trade
 * like that otherwise, in a window where pairs rarely do. How rare is measured in the window itself.
 */
export async function detectIntradayStructuring(context: DetectionContext): Promise<Finding[]> {
  const { pairs } = context.graph
  const shareWithAtLeast = tailOfPairSizes(context)
  const candidates: Candidate[] = []
  const budget = context.budget('INTRADAY_STRUCTURING')
  for (let pair = 0; pair < pairs.count && budget.take(); pair++) {
    if (pair % 4096 === 0) await context.checkpoint()
    const size = (pairs.start[pair + 1] ?? 0) - (pairs.start[pair] ?? 0)
    if (size < 2) continue
    const rows = densestDay(pair, context)
    if (rows.length < 2) continue
    const mean = ((size - 1) * Math.max(DAY_MS, context.resolutionMs)) / context.spanMs
    const clustered = Math.min(1, size * poissonTail(rows.length - 1, mean))
    const rarity = shareWithAtLeast[Math.min(size, LARGEST_COUNTED_SIZE)] ?? 1
    candidates.push({ pair, rows, expectedByChance: pairs.count * rarity * clustered })
  }
  if (candidates.length > context.options.maxUsualSplitShare * pairs.count) {
    context.notices.push({
      code: 'rule_off',
      detector: 'INTRADAY_STRUCTURING',
      message: `off: ${candidates.length} of ${pairs.count} pairs pay several times a day, so it is a habit here, not a sign.`,
    })
    return []
  }
  candidates.sort((a, b) => a.expectedByChance - b.expectedByChance || a.pair - b.pair)
  return candidates
    .slice(0, countWithinFalseShare(candidates, context.options.maxFalseSplitShare))
    .map((candidate, place) => toFinding(candidate, candidate.expectedByChance / (place + 1), context))
}

/** The longest prefix whose last member makes the expected number of false ones at most this share of it. */
function countWithinFalseShare(candidates: readonly Candidate[], maxFalseShare: number): number {
  for (let count = candidates.length; count > 0; count--) {
    if ((candidates[count - 1]?.expectedByChance ?? 1) <= maxFalseShare * count) return count
  }
  return 0
}

function tailOfPairSizes(context: DetectionContext): Float64Array {
  const { pairs } = context.graph
  const tail = new Float64Array(LARGEST_COUNTED_SIZE + 2)
  for (let pair = 0; pair < pairs.count; pair++) {
    const size = Math.min(LARGEST_COUNTED_SIZE, (pairs.start[pair + 1] ?? 0) - (pairs.start[pair] ?? 0))
    tail[size] = (tail[size] ?? 0) + 1
  }
  for (let size = LARGEST_COUNTED_SIZE; size >= 0; size--)
    tail[size] = (tail[size] ?? 0) + (tail[size + 1] ?? 0)
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
  { pair, rows, expectedByChance }: Candidate,
  falseShare: number,
  context: DetectionContext,
): Finding {
  const { pairs } = context.graph
  const confidence = confidenceOfFalseShare(falseShare)
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
    evidence: {
      transfersWithinADay: rows.length,
      falseShareSoFar: Math.round(falseShare * 1e9) / 1e9,
    },
    riskIndicators: ['small_transactions', 'frequent_activity', 'split_payment'],
    suspectedAddressType: 'wallet',
  }
}
