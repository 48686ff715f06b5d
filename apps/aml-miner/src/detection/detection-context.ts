import { checkpoint } from '@subnetkit/core'

import { type AmountScale, createAmountScale } from './amount-scale.ts'
import type { DetectionInput } from './detection-input.ts'
import type { DetectionOptions } from './detection-options.ts'
import type { DetectionNotice } from './detection-notice.ts'
import { markHubs } from './graph/hubs.ts'
import { createPayments, type Payments } from './graph/payments.ts'
import { createTemporalGraph, type TemporalGraph } from './graph/temporal-graph.ts'
import { WorkBudget } from './work-budget.ts'

/** What every detector is given: the window as a graph, the scale of its amounts, the options. */
export interface DetectionContext {
  readonly input: DetectionInput
  readonly graph: TemporalGraph
  readonly amounts: AmountScale
  readonly payments: Payments
  /** 1 for each address that is a hub of this window. */
  readonly isHub: Uint8Array
  readonly options: DetectionOptions
  /** Smallest time between two different timestamps that the window knows, at least 1 ms: a day where data has days. */
  readonly resolutionMs: number
  /** Length of the observed window in ms. */
  readonly spanMs: number
  readonly signal: AbortSignal | undefined
  /**
   * Lets timers and signals have their turn, then throws if the caller gave up. Detectors await it every few thousand
   * addresses, so that Ctrl-C and time limits act within a second.
   */
  checkpoint(): Promise<void>
  readonly notices: DetectionNotice[]
  /** A step counter for one detector, bounded by `workPerTransfer`. */
  budget(detector: string): WorkBudget
  /** Tells the reader if this budget was hit. */
  report(budget: WorkBudget): void
  /** The address text of an id. */
  addressOf(id: number): string
  /** The id of an address text, -1 when the window does not know it. */
  idOf(address: string): number
}

/** Builds the graph and the scales once for all detectors, with a turn of the event loop between the steps. */
export async function createDetectionContext(
  input: DetectionInput,
  options: DetectionOptions,
  signal?: AbortSignal,
): Promise<DetectionContext> {
  const { transfers, window } = input
  const steps = 10_000 + transfers.from.length * options.workPerTransfer
  const notices: DetectionNotice[] = []
  await checkpoint(signal)
  const graph = createTemporalGraph(transfers)
  await checkpoint(signal)
  const amounts = createAmountScale(transfers)
  await checkpoint(signal)
  const payments = createPayments(graph, amounts.amounts, options.mergeGapMs)
  await checkpoint(signal)
  return {
    input,
    graph,
    amounts,
    payments,
    isHub: markHubs(graph, options.hubTimesMedian, options.minHubDegree),
    options,
    resolutionMs: resolutionOf(transfers.timestampMs),
    spanMs: window.endMs - window.startMs,
    signal,
    checkpoint: () => checkpoint(signal),
    notices,
    budget: (detector) => new WorkBudget(detector, steps, signal),
    report: (budget) => {
      const notice = budget.notice()
      if (notice !== null) notices.push(notice)
    },
    addressOf: (id) => transfers.addresses[id] ?? '',
    idOf: (address) => idOf(transfers.addresses, address),
  }
}

/** The greatest common divisor of all gaps: robust, where the smallest gap would depend on one odd row. */
function resolutionOf(timestampMs: Float64Array): number {
  let divisor = 0
  for (let row = 1; row < timestampMs.length && divisor !== 1; row++) {
    let a = (timestampMs[row] ?? 0) - (timestampMs[row - 1] ?? 0)
    while (a !== 0) {
      const rest = divisor % a
      divisor = a
      a = rest
    }
  }
  return Math.max(1, divisor)
}

function idOf(addresses: readonly string[], address: string): number {
  let low = 0
  let high = addresses.length - 1
  while (low <= high) {
    const middle = (low + high) >>> 1
    const at = addresses[middle] ?? ''
    if (at === address) return middle
    if (at < address) low = middle + 1
    else high = middle - 1
  }
  return -1
}
