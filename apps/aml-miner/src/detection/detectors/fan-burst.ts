import type { DetectionContext } from '../detection-context.ts'
import type { Finding } from '../finding.ts'
import { confidenceOfChance } from '../statistics/confidence-of-chance.ts'
import { poissonTail } from '../statistics/poisson-tail.ts'

/** Which side of the address bursts. */
export type FanDirection = 'in' | 'out'

interface Burst {
  readonly low: number
  readonly high: number
  readonly distinct: number
  readonly windowMs: number
  readonly usual: number
  readonly expectedByChance: number
}

const UNEVENNESS = 2
const USUAL_AT_LEAST = 0.25
const TIMES_USUAL = 3

/**
 * MOTIF_FANIN and MOTIF_FANOUT: far more distinct counterparties within hours or days than the address's own normal,
 * and than the usual address, would give. Degree alone never fires: a busy address is busy outside of the burst too.
 */
export function detectFanBursts(context: DetectionContext, direction: FanDirection): Finding[] {
  const { graph, options } = context
  const start = direction === 'in' ? graph.inStart : graph.outStart
  const rows = direction === 'in' ? graph.inRows : graph.outRows
  const other = direction === 'in' ? graph.from : graph.to
  const degree = direction === 'in' ? graph.inDegree : graph.outDegree
  const budget = context.budget(direction === 'in' ? 'MOTIF_FANIN' : 'MOTIF_FANOUT')
  const counts = new Uint32Array(graph.nodeCount)
  const findings: Finding[] = []
  for (let id = 0; id < graph.nodeCount; id++) {
    if ((degree[id] ?? 0) < options.minFanCounterparties) continue
    if (!budget.take()) break
    const own = rows.subarray(start[id], start[id + 1])
    const burst = surestBurst(own, other, counts, context)
    if (burst !== null && burst.expectedByChance <= options.maxExpectedByChance) {
      findings.push(toFinding(id, own, burst, direction, context))
    }
  }
  return findings
}

function surestBurst(
  own: Uint32Array,
  other: Uint32Array,
  counts: Uint32Array,
  context: DetectionContext,
): Burst | null {
  const { graph, options, spanMs } = context
  const worldRate = graph.rowCount / Math.max(1, graph.nodeCount) / spanMs
  let surest: Burst | null = null
  for (const windowMs of options.burstWindowsMs) {
    if (windowMs < context.resolutionMs || windowMs * 4 > spanMs) continue
    const densest = densestWindow(own, other, counts, windowMs, graph.timestampMs)
    if (densest.distinct < options.minFanCounterparties) continue
    const outside = own.length - (densest.high - densest.low + 1)
    const usual = UNEVENNESS * windowMs * Math.max(worldRate, outside / (spanMs - windowMs)) + USUAL_AT_LEAST
    if (densest.distinct < TIMES_USUAL * usual) continue
    const trials = (graph.nodeCount * spanMs * options.burstWindowsMs.length) / windowMs
    const expectedByChance = trials * poissonTail(densest.distinct, usual)
    if (surest === null || expectedByChance < surest.expectedByChance) {
      surest = { ...densest, windowMs, usual, expectedByChance }
    }
  }
  return surest
}

function densestWindow(
  own: Uint32Array,
  other: Uint32Array,
  counts: Uint32Array,
  windowMs: number,
  timestampMs: Float64Array,
): { readonly low: number; readonly high: number; readonly distinct: number } {
  let low = 0
  let distinct = 0
  let best = { low: 0, high: 0, distinct: 0 }
  for (let high = 0; high < own.length; high++) {
    const row = own[high] ?? 0
    const arrival = other[row] ?? 0
    counts[arrival] = (counts[arrival] ?? 0) + 1
    if (counts[arrival] === 1) distinct++
    while ((timestampMs[row] ?? 0) - (timestampMs[own[low] ?? 0] ?? 0) >= windowMs) {
      const leaving = other[own[low] ?? 0] ?? 0
      counts[leaving] = (counts[leaving] ?? 1) - 1
      if (counts[leaving] === 0) distinct--
      low++
    }
    if (distinct > best.distinct) best = { low, high, distinct }
  }
  for (; low < own.length; low++) counts[other[own[low] ?? 0] ?? 0] = 0
  return best
}

function toFinding(
  id: number,
  own: Uint32Array,
  burst: Burst,
  direction: FanDirection,
  context: DetectionContext,
): Finding {
  const { graph } = context
  const rows = Array.from(own.subarray(burst.low, burst.high + 1))
  const other = direction === 'in' ? graph.from : graph.to
  const partners = [...new Set(rows.map((row) => other[row] ?? 0))].sort((a, b) => a - b)
  const confidence = confidenceOfChance(burst.expectedByChance)
  const hours = burst.windowMs / 3_600_000
  const center = context.addressOf(id)
  const isIn = direction === 'in'
  return {
    typology: isIn ? 'MOTIF_FANIN' : 'MOTIF_FANOUT',
    patternType: isIn ? 'motif_fanin' : 'motif_fanout',
    detectionMethod: 'burst of distinct counterparties against the own normal',
    members: [
      {
        id,
        role: isIn ? 'collector' : 'distributor',
        confidence,
        description: `${isIn ? 'Received from' : 'Sent to'} ${partners.length} different addresses within ${hours} hours; ${burst.usual.toFixed(1)} would be usual.`,
      },
      ...partners.map((partner) => ({
        id: partner,
        role: isIn ? 'sender' : 'receiver',
        confidence: confidence * 0.8,
        description: `One of ${partners.length} addresses that ${isIn ? 'sent to' : 'received from'} ${center} within ${hours} hours.`,
      })),
    ],
    rows,
    expectedByChance: burst.expectedByChance,
    evidence: {
      distinctCounterparties: partners.length,
      windowHours: hours,
      usualInSuchAWindow: Math.round(burst.usual * 1e6) / 1e6,
    },
    riskIndicators: isIn
      ? ['fund_collection', 'aggregation_behavior']
      : ['fund_dispersal', 'broadcasting_behavior'],
    suspectedAddressType: partners.length > 50 ? 'institutional' : 'wallet',
  }
}
