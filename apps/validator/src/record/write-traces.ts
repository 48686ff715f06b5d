import { type Clock, type Logger, type MinerWeightTrace, yieldToEventLoop } from '@subnetkit/core'

import type { RecordRepositories } from '../ports/record-store.ts'
import { cycleTraces } from './cycle-traces.ts'
import type { RecordAttempt } from './record-attempt.ts'
import type { MadeVector } from './record-outbox.ts'
import type { WorkBudget } from './work-budget.ts'

/** Traces that are made in one go, before others have their turn. */
const TRACES_PER_SLICE = 500

/** What writing traces works with. */
export interface WriteTracesDeps {
  readonly minerWeightTraces: RecordRepositories['minerWeightTraces']
  readonly attempt: RecordAttempt
  /** Waits while a pass over the weights is at work. */
  readonly standAside: () => Promise<void>
  readonly budget: WorkBudget
  readonly clock: Clock
  readonly log: Logger
}

/** `failed` may go well later; `impossible` never will; `outdated`: a newer vector took its place meanwhile. */
export type TracesWritten =
  | { readonly kind: 'written'; readonly traces: readonly MinerWeightTrace[] }
  | { readonly kind: 'failed' | 'impossible' | 'outdated' }

/** Makes and writes the traces of one vector, slice by slice; what holds the thread is counted. */
export async function writeTraces(
  deps: WriteTracesDeps,
  vector: MadeVector,
  isCurrent: () => boolean,
): Promise<TracesWritten> {
  const { attempt, budget, clock, log, minerWeightTraces, standAside } = deps
  const spend = (startedMs: number): void => budget.spend(clock.monotonicMs() - startedMs, true)
  const traces: MinerWeightTrace[] = []
  const rows = cycleTraces({ ...vector, now: clock.now() })
  for (;;) {
    await standAside()
    if (!isCurrent()) return { kind: 'outdated' }
    const startedMs = clock.monotonicMs()
    let slice: readonly MinerWeightTrace[]
    try {
      slice = takeSome(rows)
    } catch (error) {
      log.error({ err: error, cycleId: vector.cycle.cycleId }, 'the traces of a cycle cannot be made')
      return { kind: 'impossible' }
    } finally {
      spend(startedMs)
    }
    if (slice.length === 0) return { kind: 'written', traces }
    const isWritten = await attempt('traces', async (options) =>
      minerWeightTraces.put({ traces: metered(slice, clock, spend) }, options),
    )
    if (isWritten === null) return { kind: 'failed' }
    for (const trace of slice) traces.push(trace)
    await yieldToEventLoop()
  }
}

function takeSome(rows: Iterator<MinerWeightTrace, void>): readonly MinerWeightTrace[] {
  const slice: MinerWeightTrace[] = []
  while (slice.length < TRACES_PER_SLICE) {
    const next = rows.next()
    if (next.done === true) break
    slice.push(next.value)
  }
  return slice
}

/** Rows whose encoding is counted: a store takes one after the other before it waits for anything. */
function* metered(
  slice: readonly MinerWeightTrace[],
  clock: Clock,
  spend: (startedMs: number) => void,
): Generator<MinerWeightTrace, void, void> {
  const startedMs = clock.monotonicMs()
  yield* slice
  spend(startedMs)
}
