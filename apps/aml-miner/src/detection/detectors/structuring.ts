import type { DetectionContext } from '../detection-context.ts'
import type { Finding } from '../finding.ts'
import { confidenceOfChance } from '../statistics/confidence-of-chance.ts'
import { poissonTail } from '../statistics/poisson-tail.ts'

const LOWEST_SHARES = [0.8, 0.85, 0.9, 0.95]
const FEWEST_TRANSFERS = 4
/** Above `maxExpectedByChance`: bands and spans overlap, so counting each as a trial of its own is too strict. */
const LEAST_SURPRISING = 1
const DAY_MS = 86_400_000
const LONGEST_SERIES_MS = [7 * DAY_MS, 14 * DAY_MS]
const FEWEST_DISTINCT_AMOUNTS = 0.6

/**
 * STRUCTURING: a series of transfers, within one or two weeks, just below the reporting threshold and of varying amounts, far more
 * than the window's own share of such amounts would give this address. A standing order of one amount
 * is none, nor is drawing on an exchange day by day. Off when
 * amounts mean nothing.
 */
export async function detectStructuring(context: DetectionContext): Promise<Finding[]> {
  const { amounts, options, notices } = context
  if (!amounts.isMeaningful) {
    notices.push({
      code: 'rule_off',
      detector: 'STRUCTURING',
      message: 'off: amounts are all alike, so none is just below a threshold.',
    })
    return []
  }
  const findings: Finding[] = []
  for (const threshold of options.reportingThresholdsUsd) {
    findings.push(...(await belowThreshold(threshold, context)))
  }
  return findings
}

async function belowThreshold(thresholdUsd: number, context: DetectionContext): Promise<Finding[]> {
  const { graph } = context
  const findings: Finding[] = []
  const explained = new Set<number>()
  for (const side of ['sent', 'received'] as const) {
    const { start, rows } =
      side === 'sent'
        ? { start: graph.outStart, rows: graph.outRows }
        : { start: graph.inStart, rows: graph.inRows }
    for (let id = 0; id < graph.nodeCount; id++) {
      if (id % 4096 === 0) await context.checkpoint()
      const own = rows.subarray(start[id], start[id + 1])
      if (context.isHub[id] === 1 || own.length < FEWEST_TRANSFERS) continue
      const series = surestSeries({ id, side, own, thresholdUsd }, context)
      if (series === null || series.expectedByChance > LEAST_SURPRISING) continue
      if (side === 'received' && series.rows.every((row) => explained.has(row))) continue
      for (const row of series.rows) explained.add(row)
      findings.push(toFinding(series, context))
    }
  }
  return findings
}

interface Candidate {
  readonly id: number
  readonly side: 'sent' | 'received'
  /** All transfers of the address on this side, in time order. */
  readonly own: Uint32Array
  readonly thresholdUsd: number
}

/** Looks at several bands below the threshold: who keeps closer to it than he must gives himself away sooner. */
function surestSeries(candidate: Candidate, context: DetectionContext): Series | null {
  const { graph, amounts, options } = context
  const { id, side, own, thresholdUsd } = candidate
  const other = side === 'sent' ? graph.to : graph.from
  const high = thresholdUsd * 1e6
  const trials =
    graph.nodeCount * options.reportingThresholdsUsd.length * LOWEST_SHARES.length * LONGEST_SERIES_MS.length
  let surest: Series | null = null
  for (const lowestShare of LOWEST_SHARES) {
    const low = high * lowestShare
    const below = Array.from(own).filter((row) => {
      const amount = amounts.amounts[row] ?? 0
      return amount >= low && amount < high && context.isHub[other[row] ?? 0] === 0
    })
    if (below.length < FEWEST_TRANSFERS) return surest
    const usual = own.length * amounts.shareWithin(low, high - 1)
    for (const longestMs of LONGEST_SERIES_MS) {
      const rows = densestSeries(below, graph.timestampMs, longestMs)
      if (rows.length < FEWEST_TRANSFERS || below.length > 2 * rows.length) continue
      if (distinctShare(rows, amounts.amounts) < FEWEST_DISTINCT_AMOUNTS) continue
      const expectedByChance = trials * poissonTail(rows.length, usual)
      if (surest === null || expectedByChance < surest.expectedByChance) {
        surest = { id, side, rows, all: own.length, usual, thresholdUsd, expectedByChance }
      }
    }
  }
  return surest
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

function densestSeries(rows: readonly number[], timestampMs: Float64Array, longestMs: number): number[] {
  let low = 0
  let best = { low: 0, end: 0 }
  rows.forEach((row, high) => {
    while ((timestampMs[row] ?? 0) - (timestampMs[rows[low] ?? 0] ?? 0) > longestMs) low++
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
  const firstMs = graph.timestampMs[rows[0] ?? 0] ?? 0
  const days = Math.ceil(((graph.timestampMs[rows[rows.length - 1] ?? 0] ?? 0) - firstMs) / DAY_MS)
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
        description: `${rows.length} of ${all} ${side} transfers lie just below ${thresholdUsd} US dollars, within ${days} days; ${usual.toFixed(1)} would be usual.`,
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
