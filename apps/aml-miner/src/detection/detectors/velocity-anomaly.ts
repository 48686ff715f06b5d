import type { DetectionContext } from '../detection-context.ts'
import type { Finding } from '../finding.ts'
import { confidenceOfChance } from '../statistics/confidence-of-chance.ts'
import { poissonTail } from '../statistics/poisson-tail.ts'

const FEWEST_TRANSFERS = 8
const UNEVENNESS = 3
const USUAL_AT_LEAST = 1
const TIMES_USUAL = 4
const TIMES_NEXT_RUSH = 3
const HIGHEST_CONFIDENCE = 0.55

interface Rush {
  readonly rows: readonly number[]
  readonly windowMs: number
  readonly usual: number
  readonly expectedByChance: number
}

/**
 * VELOCITY_ANOMALY: an address that makes, within hours, many times the transfers of its own other days and of the
 * usual address. Who rushes at other times too, as a payroll does, is not anomalous. A rush alone is
 * weak evidence, so the confidence stays below 0.55.
 */
export async function detectVelocityAnomalies(context: DetectionContext): Promise<Finding[]> {
  const { graph, options } = context
  const findings: Finding[] = []
  for (let id = 0; id < graph.nodeCount; id++) {
    if (id % 2048 === 0) await context.checkpoint()
    if (context.isHub[id] === 1) continue
    const first = graph.outStart[id] ?? 0
    const end = graph.outStart[id + 1] ?? 0
    if (end - first < FEWEST_TRANSFERS) continue
    const rush = surestRush(graph.outRows.subarray(first, end), context)
    if (rush !== null && rush.expectedByChance <= options.maxExpectedByChance) {
      findings.push(toFinding(id, rush))
    }
  }
  return findings
}

function surestRush(own: Uint32Array, context: DetectionContext): Rush | null {
  const { graph, options, spanMs, resolutionMs } = context
  const worldRate = graph.rowCount / Math.max(1, graph.nodeCount) / spanMs
  let surest: Rush | null = null
  for (const windowMs of options.burstWindowsMs) {
    if (windowMs < resolutionMs || windowMs * 4 > spanMs) continue
    const { low, high } = densest(own, windowMs, graph.timestampMs)
    const count = high - low + 1
    const others = Uint32Array.of(...own.subarray(0, low), ...own.subarray(high + 1))
    const next = densest(others, windowMs, graph.timestampMs)
    if (others.length > 0 && (next.high - next.low + 1) * TIMES_NEXT_RUSH > count) continue
    const usual =
      UNEVENNESS * windowMs * Math.max(worldRate, (own.length - count) / (spanMs - windowMs)) + USUAL_AT_LEAST
    if (count < FEWEST_TRANSFERS || count < TIMES_USUAL * usual) continue
    const trials = (graph.nodeCount * spanMs * options.burstWindowsMs.length) / windowMs
    const expectedByChance = trials * poissonTail(count, usual)
    if (surest === null || expectedByChance < surest.expectedByChance) {
      surest = { rows: Array.from(own.subarray(low, high + 1)), windowMs, usual, expectedByChance }
    }
  }
  return surest
}

function densest(
  own: Uint32Array,
  windowMs: number,
  timestampMs: Float64Array,
): { readonly low: number; readonly high: number } {
  let low = 0
  let best = { low: 0, high: 0 }
  for (let high = 0; high < own.length; high++) {
    const at = timestampMs[own[high] ?? 0] ?? 0
    while (at - (timestampMs[own[low] ?? 0] ?? 0) >= windowMs) low++
    if (high - low > best.high - best.low) best = { low, high }
  }
  return best
}

function toFinding(id: number, { rows, windowMs, usual, expectedByChance }: Rush): Finding {
  const hours = windowMs / 3_600_000
  return {
    typology: 'VELOCITY_ANOMALY',
    patternType: 'temporal_burst',
    detectionMethod: 'burst of transfers against the own normal',
    members: [
      {
        id,
        role: 'sender',
        confidence: HIGHEST_CONFIDENCE * confidenceOfChance(expectedByChance),
        description: `Sent ${rows.length} transfers within ${hours} hours; ${usual.toFixed(1)} would be usual.`,
      },
    ],
    rows,
    expectedByChance,
    evidence: {
      transfers: rows.length,
      windowHours: hours,
      usualInSuchAWindow: Math.round(usual * 1e6) / 1e6,
    },
    riskIndicators: ['high_velocity', 'rapid_movement', 'burst_activity'],
    suspectedAddressType: 'wallet',
  }
}
