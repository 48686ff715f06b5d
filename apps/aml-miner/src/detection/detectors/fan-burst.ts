import type { DetectionContext } from '../detection-context.ts'
import type { Finding } from '../finding.ts'
import type { FirstTimeBurst } from '../graph/first-time-bursts.ts'
import { rowsOfPayments } from '../graph/payments.ts'
import { findExit, findFunding, type ThroughFlow } from '../graph/through-flow.ts'
import { fanFinding } from './fan-finding.ts'

const MOST_EQUAL_COLLECTED = 0.1
const MOST_EQUAL_PAID_OUT = 0.3
const MOST_UNEVEN_PAID_OUT = 0.7

/** What the fan detector made of a window's bursts. */
export interface FanBursts {
  readonly findings: readonly Finding[]
  /** Bursts whose money was not seen to pass through. */
  readonly unexplained: readonly FirstTimeBurst[]
}

/**
 * MOTIF_FANIN and MOTIF_FANOUT: a burst of payments with addresses that it never dealt with otherwise, far beyond its
 * own normal, whose sum moved on (or came in) as a whole within days. Payrolls (known receivers), shops (the sum
 * stays), shared bills (equal amounts) and hubs do not fire.
 */
export async function detectFanBursts(
  context: DetectionContext,
  bursts: readonly FirstTimeBurst[],
): Promise<FanBursts> {
  const findings: Finding[] = []
  const unexplained: FirstTimeBurst[] = []
  for (const [place, burst] of bursts.entries()) {
    if (place % 1024 === 0) await context.checkpoint()
    const isIn = burst.direction === 'in'
    if (burst.equalShare > (isIn ? MOST_EQUAL_COLLECTED : MOST_EQUAL_PAID_OUT)) continue
    if (!isIn && context.amounts.isMeaningful && burst.unevenness > MOST_UNEVEN_PAID_OUT) continue
    const flow = throughFlow(burst, context)
    const expectedByChance = burst.expectedByChance * (flow?.chance ?? 1)
    if (flow === null || expectedByChance > context.options.maxExpectedByChance) unexplained.push(burst)
    else findings.push(toFinding(burst, flow, expectedByChance, context))
  }
  return { findings, unexplained }
}

function toFinding(
  burst: FirstTimeBurst,
  flow: ThroughFlow,
  expectedByChance: number,
  context: DetectionContext,
): Finding {
  const { payments } = context
  const { id, direction, windowMs, usual } = burst
  const [near, far] = direction === 'in' ? [payments.from, payments.to] : [payments.to, payments.from]
  return fanFinding(
    {
      id,
      direction,
      partners: burst.payments.map((payment) => near[payment] ?? 0),
      far: flow.payments.map((payment) => far[payment] ?? 0),
      rows: rowsOfPayments(payments, new Set([...burst.payments, ...flow.payments])),
      windowMs,
      usual,
      passedShare: flow.share,
      expectedByChance,
    },
    context,
  )
}

function throughFlow(burst: FirstTimeBurst, context: DetectionContext): ThroughFlow | null {
  const { payments } = context
  const { id, direction } = burst
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
