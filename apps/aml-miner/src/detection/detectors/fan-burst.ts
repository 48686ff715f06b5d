import type { DetectionContext } from '../detection-context.ts'
import type { Finding } from '../finding.ts'
import { rowsOfPayments } from '../graph/payments.ts'
import { findExit, findFunding, type ThroughFlow } from '../graph/through-flow.ts'
import { poissonTail } from '../statistics/poisson-tail.ts'
import { type FanDirection, fanFinding } from './fan-finding.ts'

/** The densest group of first-time counterparties of one address within one window. */
interface Burst {
  readonly payments: readonly number[]
  readonly windowMs: number
  readonly usual: number
  readonly expectedByChance: number
}

const UNEVENNESS = 2
const USUAL_AT_LEAST = 0.25
const TIMES_USUAL = 2
const MOST_EQUAL_AMOUNTS = 0.1

/**
 * MOTIF_FANIN and MOTIF_FANOUT: a burst of payments with addresses that it never dealt with otherwise, far beyond its
 * own normal, whose sum moved on (or came in) as a whole within two days. Payrolls (known receivers), shops (the sum
 * stays), shared bills (equal amounts) and hubs do not fire.
 */
export function detectFanBursts(context: DetectionContext, direction: FanDirection): Finding[] {
  const { graph, options, payments } = context
  const start = direction === 'in' ? payments.inStart : payments.outStart
  const items = direction === 'in' ? payments.in : payments.out
  const other = direction === 'in' ? payments.from : payments.to
  const findings: Finding[] = []
  for (let id = 0; id < graph.nodeCount; id++) {
    if (id % 4096 === 0) context.signal?.throwIfAborted()
    const all = (start[id + 1] ?? 0) - (start[id] ?? 0)
    if (all < options.minFanCounterparties || context.isHub[id] === 1) continue
    const once = Array.from(items.subarray(start[id], start[id + 1]))
      .filter((payment) => payments.ofPair[payment] === 1 && context.isHub[other[payment] ?? 0] === 0)
      .sort((a, b) => (payments.firstMs[a] ?? 0) - (payments.firstMs[b] ?? 0) || a - b)
    const burst = surestBurst(once, all, context)
    if (burst === null || equalShare(burst, context) > MOST_EQUAL_AMOUNTS) continue
    const flow = throughFlow(id, burst, direction, context)
    if (flow === null) continue
    const expectedByChance = burst.expectedByChance * flow.chance
    if (expectedByChance > options.maxExpectedByChance) continue
    findings.push(
      fanFinding(
        {
          id,
          direction,
          partners: burst.payments.map((payment) => other[payment] ?? 0),
          far: flow.payments.map(
            (payment) => (direction === 'in' ? payments.to : payments.from)[payment] ?? 0,
          ),
          rows: rowsOfPayments(payments, new Set([...burst.payments, ...flow.payments])),
          windowMs: burst.windowMs,
          usual: burst.usual,
          passedShare: flow.share,
          expectedByChance,
        },
        context,
      ),
    )
  }
  return findings
}

function surestBurst(once: readonly number[], all: number, context: DetectionContext): Burst | null {
  const { graph, options, spanMs, payments } = context
  const worldRate = payments.count / Math.max(1, graph.nodeCount) / spanMs
  let surest: Burst | null = null
  for (const windowMs of options.burstWindowsMs) {
    if (windowMs < context.resolutionMs || windowMs * 4 > spanMs) continue
    const inside = densestWindow(once, windowMs, payments.firstMs)
    if (inside.length < options.minFanCounterparties) continue
    const outside = (all - inside.length) / (spanMs - windowMs)
    const usual = UNEVENNESS * windowMs * Math.max(worldRate, outside) + USUAL_AT_LEAST
    if (inside.length < TIMES_USUAL * usual) continue
    const trials = (graph.nodeCount * spanMs * options.burstWindowsMs.length) / windowMs
    const expectedByChance = trials * poissonTail(inside.length, usual)
    if (surest === null || expectedByChance < surest.expectedByChance) {
      surest = { payments: inside, windowMs, usual, expectedByChance }
    }
  }
  return surest
}

function densestWindow(
  ordered: readonly number[],
  windowMs: number,
  firstMs: Float64Array,
): readonly number[] {
  let low = 0
  let best = { low: 0, end: 0 }
  for (let high = 0; high < ordered.length; high++) {
    const at = firstMs[ordered[high] ?? 0] ?? 0
    while (at - (firstMs[ordered[low] ?? 0] ?? 0) >= windowMs) low++
    if (high + 1 - low > best.end - best.low) best = { low, end: high + 1 }
  }
  return ordered.slice(best.low, best.end)
}

/** Share of the payments whose amount another one of them repeats to the cent; 0 without amounts. */
function equalShare(burst: Burst, { payments, amounts }: DetectionContext): number {
  if (!amounts.isMeaningful) return 0
  const cents = burst.payments.map((payment) => Math.round((payments.amount[payment] ?? 0) / 10_000))
  return 1 - new Set(cents).size / cents.length
}

function throughFlow(
  id: number,
  burst: Burst,
  direction: FanDirection,
  context: DetectionContext,
): ThroughFlow | null {
  const { payments } = context
  const fromMs = payments.firstMs[burst.payments[0] ?? 0] ?? 0
  const toMs = burst.payments.reduce((last, payment) => Math.max(last, payments.lastMs[payment] ?? 0), 0)
  const start = direction === 'in' ? payments.inStart : payments.outStart
  const items = direction === 'in' ? payments.in : payments.out
  let sum = 0
  for (let at = start[id] ?? 0; at < (start[id + 1] ?? 0); at++) {
    const payment = items[at] ?? 0
    const ms = payments.firstMs[payment] ?? 0
    if (ms >= fromMs && ms <= toMs) sum += payments.amount[payment] ?? 0
  }
  return direction === 'in' ? findExit(context, id, sum, toMs) : findFunding(context, id, sum, fromMs)
}
