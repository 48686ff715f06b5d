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
 * than the window's own share of such amounts would give this address. A standing order of one amount
 * is none, nor is drawing on an exchange day by day. Off when
 * amounts mean nothing.
 */
export function detectStructuring(context: DetectionContext): Finding[] {
  const { amounts, options, notices } = context
  if (!amounts.isMeaningful) {
    notices.push({
      code: 'rule_off',
      detector: 'STRUCTURING',
      message: 'off: amounts are all alike, so none is just below a threshold.',
    })
    return []
  }
  return options.reportingThresholdsUsd.flatMap((threshold) => belowThreshold(threshold, context))
}

function belowThreshold(thresholdUsd: number, context: DetectionContext): Finding[] {
  const { graph, amounts, options } = context
  const high = thresholdUsd * 1e6
  const low = high * LOWEST_SHARE_OF_THRESHOLD
  const usualShare = amounts.shareWithin(low, high - 1)
  const trials = graph.nodeCount * options.reportingThresholdsUsd.length
  const findings: Finding[] = []
  const explained = new Set<number>()
  for (const side of ['sent', 'received'] as const) {
    const {
      start,
      rows: all,
      other,
    } = side === 'sent'
      ? { start: graph.outStart, rows: graph.outRows, other: graph.to }
      : { start: graph.inStart, rows: graph.inRows, other: graph.from }
    for (let id = 0; id < graph.nodeCount; id++) {
      if (context.isHub[id] === 1) continue
      const own = all.subarray(start[id], start[id + 1])
      if (own.length < FEWEST_TRANSFERS) continue
      const below = Array.from(own).filter((row) => {
        const amount = amounts.amounts[row] ?? 0
        return amount >= low && amount < high && context.isHub[other[row] ?? 0] === 0
      })
      const rows = densestSeries(below, graph.timestampMs)
      if (rows.length < FEWEST_TRANSFERS || below.length > 2 * rows.length) continue
      if (distinctShare(rows, amounts.amounts) < FEWEST_DISTINCT_AMOUNTS) continue
      const usual = own.length * usualShare
      const expectedByChance = trials * poissonTail(rows.length, usual)
      if (expectedByChance > options.maxExpectedByChance) continue
      if (side === 'received' && rows.every((row) => explained.has(row))) continue
      for (const row of rows) explained.add(row)
      findings.push(
        toFinding({ id, side, rows, all: own.length, usual, thresholdUsd, expectedByChance }, context),
      )
    }
  }
  return findings
}

interface Series {
  readonly id: number
  readonly side: 'sent' | 'received'
  readonly rows: readonly number[]
  readonly all: number
  readonly usual: number
  readonly thresholdUsd: number
  readonly expectedByChance: number
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

function toFinding(series: Series, context: DetectionContext): Finding {
  const { id, side, rows, all, usual, thresholdUsd, expectedByChance } = series
  const { graph } = context
  const confidence = confidenceOfChance(expectedByChance)
  const others = [...new Set(rows.map((row) => (side === 'sent' ? graph.to : graph.from)[row] ?? 0))].sort(
    (a, b) => a - b,
  )
  return {
    typology: 'STRUCTURING',
    patternType: 'threshold_evasion',
    detectionMethod: 'varying amounts just below the reporting threshold',
    members: [
      {
        id,
        role: side === 'sent' ? 'structurer' : 'beneficiary',
        confidence,
        description: `${rows.length} of ${all} ${side} transfers lie just below ${thresholdUsd} US dollars, within a week; ${usual.toFixed(1)} would be usual.`,
      },
      ...others.map((other) => ({
        id: other,
        role: side === 'sent' ? 'beneficiary' : 'structurer',
        confidence: confidence * 0.95,
        description: `Other side of ${rows.length} transfers just below ${thresholdUsd} US dollars with ${context.addressOf(id)}.`,
      })),
    ],
    rows,
    expectedByChance,
    evidence: {
      thresholdUsd,
      side,
      belowThreshold: rows.length,
      transfers: all,
      usual: Math.round(usual * 1e6) / 1e6,
    },
    riskIndicators: ['small_transactions', 'below_threshold', 'frequent_activity'],
    suspectedAddressType: 'wallet',
  }
}
