import type { DetectionContext } from '../detection-context.ts'
import type { Finding } from '../finding.ts'
import { confidenceOfChance } from '../statistics/confidence-of-chance.ts'
import { poissonTail } from '../statistics/poisson-tail.ts'

const LOWEST_SHARE_OF_THRESHOLD = 0.8
const FEWEST_TRANSFERS = 4
const LONGEST_SERIES_MS = 7 * 86_400_000
const FEWEST_DISTINCT_AMOUNTS = 0.6

/**
 * STRUCTURING: a series of transfers, within a week, just below the reporting threshold and of varying amounts, far more
 * than the window's own share of such amounts would give this address. A standing order of one amount is none. Off when
 * amounts mean nothing.
 */
export function detectStructuring(context: DetectionContext): Finding[] {
  const { graph, amounts, options, notices } = context
  if (!amounts.isMeaningful) {
    notices.push({
      code: 'rule_off',
      detector: 'STRUCTURING',
      message: 'off: amounts are all alike, so none is just below a threshold.',
    })
    return []
  }
  const high = options.reportingThresholdUsd * 1e6
  const low = high * LOWEST_SHARE_OF_THRESHOLD
  const usualShare = amounts.shareWithin(low, high - 1)
  const findings: Finding[] = []
  for (let id = 0; id < graph.nodeCount; id++) {
    if (context.isHub[id] === 1) continue
    for (const side of ['sent', 'received'] as const) {
      const own =
        side === 'sent'
          ? graph.outRows.subarray(graph.outStart[id], graph.outStart[id + 1])
          : graph.inRows.subarray(graph.inStart[id], graph.inStart[id + 1])
      if (own.length < FEWEST_TRANSFERS) continue
      const below = Array.from(own).filter((row) => {
        const amount = amounts.amounts[row] ?? 0
        return amount >= low && amount < high
      })
      const rows = densestSeries(below, graph.timestampMs)
      if (rows.length < FEWEST_TRANSFERS || below.length > 2 * rows.length) continue
      if (distinctShare(rows, amounts.amounts) < FEWEST_DISTINCT_AMOUNTS) continue
      const usual = own.length * usualShare
      const expectedByChance = graph.nodeCount * poissonTail(rows.length, usual)
      if (expectedByChance > options.maxExpectedByChance) continue
      findings.push(toFinding(id, side, rows, own.length, usual, expectedByChance, context))
    }
  }
  return findings
}

function densestSeries(rows: readonly number[], timestampMs: Float64Array): number[] {
  let low = 0
  let best = { low: 0, end: 0 }
  rows.forEach((row, high) => {
    while ((timestampMs[row] ?? 0) - (timestampMs[rows[low] ?? 0] ?? 0) > LONGEST_SERIES_MS) low++
    if (high + 1 - low > best.end - best.low) best = { low, end: high + 1 }
  })
  return rows.slice(best.low, best.end)
}

function distinctShare(rows: readonly number[], amounts: Float64Array): number {
  return new Set(rows.map((row) => amounts[row])).size / rows.length
}

function toFinding(
  id: number,
  side: 'sent' | 'received',
  rows: readonly number[],
  all: number,
  usual: number,
  expectedByChance: number,
  context: DetectionContext,
): Finding {
  const threshold = context.options.reportingThresholdUsd
  return {
    typology: 'STRUCTURING',
    patternType: 'threshold_evasion',
    detectionMethod: 'varying amounts just below the reporting threshold',
    members: [
      {
        id,
        role: side === 'sent' ? 'structurer' : 'beneficiary',
        confidence: confidenceOfChance(expectedByChance),
        description: `${rows.length} of ${all} ${side} transfers lie just below ${threshold} US dollars, within a week; ${usual.toFixed(1)} would be usual.`,
      },
    ],
    rows,
    expectedByChance,
    evidence: { side, belowThreshold: rows.length, transfers: all, usual: Math.round(usual * 1e6) / 1e6 },
    riskIndicators: ['small_transactions', 'below_threshold', 'frequent_activity'],
    suspectedAddressType: 'wallet',
  }
}
