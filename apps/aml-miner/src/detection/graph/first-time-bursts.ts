import type { DetectionContext } from '../detection-context.ts'
import { poissonTail } from '../statistics/poisson-tail.ts'

/** Which side of an address bursts. */
export type FanDirection = 'in' | 'out'

/** The densest group of payments with addresses that the centre never dealt with otherwise, within one window. */
export interface FirstTimeBurst {
  /** The centre. */
  readonly id: number
  readonly direction: FanDirection
  /** In time order, five or more. */
  readonly payments: readonly number[]
  readonly windowMs: number
  /** How many such payments a window of this length usually holds for this address. */
  readonly usual: number
  readonly expectedByChance: number
  /** Share of the payments whose amount another one of them repeats to the cent; 0 without amounts. */
  readonly equalShare: number
  /** Standard deviation of the amounts over their mean: 0 when all are equal, about 1 in everyday life. */
  readonly unevenness: number
}

const UNEVENNESS_IN_TIME = 2
const USUAL_AT_LEAST = 0.25
const TIMES_USUAL = 2

/** The surest burst of each address that is no hub, in the order of ids. Linear but for sorting each one's own. */
export async function findFirstTimeBursts(
  context: DetectionContext,
  direction: FanDirection,
): Promise<readonly FirstTimeBurst[]> {
  const { graph, options, payments } = context
  const start = direction === 'in' ? payments.inStart : payments.outStart
  const items = direction === 'in' ? payments.in : payments.out
  const other = direction === 'in' ? payments.from : payments.to
  const bursts: FirstTimeBurst[] = []
  for (let id = 0; id < graph.nodeCount; id++) {
    if (id % 2048 === 0) await context.checkpoint()
    const all = (start[id + 1] ?? 0) - (start[id] ?? 0)
    if (all < options.minFanCounterparties || context.isHub[id] === 1) continue
    const once = Array.from(items.subarray(start[id], start[id + 1]))
      .filter((payment) => payments.ofPair[payment] === 1 && context.isHub[other[payment] ?? 0] === 0)
      .sort((a, b) => (payments.firstMs[a] ?? 0) - (payments.firstMs[b] ?? 0) || a - b)
    const surest = surestWindow(once, all, context)
    if (surest === null) continue
    bursts.push({ id, direction, ...surest, ...amountsOf(surest.payments, context) })
  }
  return bursts
}

type SurestWindow = Pick<FirstTimeBurst, 'payments' | 'windowMs' | 'usual' | 'expectedByChance'>

function surestWindow(once: readonly number[], all: number, context: DetectionContext): SurestWindow | null {
  const { graph, options, spanMs, payments } = context
  if (once.length < options.minFanCounterparties) return null
  const worldRate = payments.count / Math.max(1, graph.nodeCount) / spanMs
  let surest: SurestWindow | null = null
  for (const windowMs of options.burstWindowsMs) {
    if (windowMs < context.resolutionMs || windowMs * 4 > spanMs) continue
    const inside = densestWindow(once, windowMs, payments.firstMs)
    if (inside.length < options.minFanCounterparties) continue
    const outside = (all - inside.length) / (spanMs - windowMs)
    const usual = UNEVENNESS_IN_TIME * windowMs * Math.max(worldRate, outside) + USUAL_AT_LEAST
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

function amountsOf(
  which: readonly number[],
  { payments, amounts }: DetectionContext,
): Pick<FirstTimeBurst, 'equalShare' | 'unevenness'> {
  if (!amounts.isMeaningful) return { equalShare: 0, unevenness: 1 }
  const sums = which.map((payment) => payments.amount[payment] ?? 0)
  const mean = sums.reduce((total, sum) => total + sum, 0) / sums.length
  const variance = sums.reduce((total, sum) => total + (sum - mean) * (sum - mean), 0) / sums.length
  const cents = new Set(sums.map((sum) => Math.round(sum / 10_000)))
  return { equalShare: 1 - cents.size / sums.length, unevenness: mean === 0 ? 1 : Math.sqrt(variance) / mean }
}
