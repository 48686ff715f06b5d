import type { DetectionContext } from '../detection-context.ts'
import type { Finding } from '../finding.ts'
import { confidenceOfChain } from '../statistics/confidence-of-chance.ts'

const FEWEST_TURNS = 4
const FINEST_AMOUNT = 0.005
const LARGEST_CHANGE = 0.25

interface Rally {
  readonly rows: readonly number[]
  readonly chance: number
}

/**
 * PING_PONG: two addresses that send the same money back and forth, each return soon after the last. Two-way trade at
 * its own pace, or with amounts of its own, does not count.
 */
export async function detectPingPong(context: DetectionContext): Promise<Finding[]> {
  const { pairs, rowCount } = context.graph
  const budget = context.budget('PING_PONG')
  const findings: Finding[] = []
  for (let pair = 0; pair < pairs.count && budget.take(); pair++) {
    if (pair % 4096 === 0) await context.checkpoint()
    const from = pairs.from[pair] ?? 0
    const to = pairs.to[pair] ?? 0
    if (from > to || context.isHub[from] === 1 || context.isHub[to] === 1) continue
    const back = pairOf(context, to, from)
    if (back === -1) continue
    const rally = surestRally(mergedRows(context, pair, back), context)
    if (rally === null || rally.rows.length < FEWEST_TURNS) continue
    const expectedByChance = rally.chance * rowCount
    if (expectedByChance > context.options.maxExpectedByChance) continue
    findings.push(toFinding(from, to, rally.rows, expectedByChance, context))
  }
  return findings
}

function pairOf(context: DetectionContext, from: number, to: number): number {
  const { pairs } = context.graph
  let low = pairs.outStart[from] ?? 0
  let high = (pairs.outStart[from + 1] ?? 0) - 1
  while (low <= high) {
    const middle = (low + high) >>> 1
    const at = pairs.to[middle] ?? 0
    if (at === to) return middle
    if (at < to) low = middle + 1
    else high = middle - 1
  }
  return -1
}

function mergedRows(context: DetectionContext, pair: number, back: number): number[] {
  const { pairs } = context.graph
  const there = pairs.rows.subarray(pairs.start[pair], pairs.start[pair + 1])
  const here = pairs.rows.subarray(pairs.start[back], pairs.start[back + 1])
  return [...there, ...here].sort((a, b) => a - b)
}

function surestRally(rows: readonly number[], context: DetectionContext): Rally | null {
  let surest: Rally | null = null
  let run: number[] = []
  let chance = 1
  for (const row of rows) {
    const previous = run[run.length - 1]
    const step = previous === undefined ? 1 : returnChance(previous, row, context)
    if (step < 1) {
      run.push(row)
      chance *= step
    } else {
      run = [row]
      chance = 1
    }
    if (run.length >= FEWEST_TURNS && (surest === null || chance < surest.chance)) {
      surest = { rows: [...run], chance }
    }
  }
  return surest
}

/** How likely a return this prompt and this alike is, given how busy the returning address is; 1 if it is none. */
function returnChance(previous: number, row: number, context: DetectionContext): number {
  const { graph, amounts, options, resolutionMs, spanMs } = context
  const sender = graph.from[row] ?? 0
  if (sender !== graph.to[previous]) return 1
  const rest = (graph.timestampMs[row] ?? 0) - (graph.timestampMs[previous] ?? 0)
  if (rest > options.maxRestMs) return 1
  const before = amounts.amounts[previous] ?? 0
  const change = Math.abs(1 - (amounts.amounts[row] ?? 0) / before)
  if (amounts.isMeaningful && !(change <= LARGEST_CHANGE)) return 1
  const distance = Math.max(FINEST_AMOUNT, change)
  const likeness = amounts.isMeaningful
    ? amounts.shareWithin(before * (1 - distance), before * (1 + distance))
    : 1
  const sent = (graph.outStart[sender + 1] ?? 0) - (graph.outStart[sender] ?? 0)
  return (sent / spanMs) * Math.max(rest, resolutionMs) * likeness
}

function toFinding(
  a: number,
  b: number,
  rows: readonly number[],
  expectedByChance: number,
  context: DetectionContext,
): Finding {
  const confidence = confidenceOfChain(expectedByChance)
  return {
    typology: 'PING_PONG',
    patternType: 'cycle',
    detectionMethod: 'prompt returns between two addresses',
    members: [[a, b] as const, [b, a] as const].map(([id, other]) => ({
      id,
      role: 'partner',
      confidence,
      description: `Exchanged ${rows.length} transfers of the same money back and forth with ${context.addressOf(other)}.`,
    })),
    rows,
    expectedByChance,
    evidence: { turns: rows.length },
    riskIndicators: ['high_reciprocity', 'limited_counterparties', 'bidirectional_flows'],
    suspectedAddressType: 'wallet',
  }
}
