import { type Clock, isStorageError, type Logger } from '@subnetkit/core'

import { ChainError } from '../ports/chain.ts'
import { isSettled } from './cycle-steps.ts'
import type { WeightCyclePass } from './run-weight-cycle.ts'

/** How watching goes on. */
export interface WatchCyclesParams {
  /** One pass. */
  readonly pass: () => Promise<WeightCyclePass>
  /** Told after each pass that changed something, and after the first. */
  readonly onPass: (pass: WeightCyclePass) => void
  /** Ends once the newest cycle is effective or failed and nothing is to be submitted; false goes on for ever. */
  readonly untilSettled: boolean
  /** Milliseconds between two looks. */
  readonly everyMs: number
  readonly clock: Clock
  readonly log: Logger
  readonly signal: AbortSignal
}

/**
 * Looks after the weights until it is told to stop: a chain or a store that does not answer is asked again at the next
 * look, and so is a chain that answers wrongly after it answered well. Nothing but `signal` or a person's mistake ends it.
 */
export async function watchCycles(params: WatchCyclesParams): Promise<WeightCyclePass> {
  const { pass, onPass, untilSettled, everyMs, clock, log, signal } = params
  let told = ''
  let hasWorked = false
  for (;;) {
    try {
      const found = await pass()
      hasWorked = true
      const news = `${found.cycle?.cycleId ?? ''} ${found.cycle?.state ?? ''} ${found.decision.kind}`
      if (news !== told) onPass(found)
      told = news
      if (untilSettled && isOver(found)) return found
    } catch (error) {
      signal.throwIfAborted()
      if (!passesByItself(error, hasWorked)) throw error
      log.warn({ err: error }, 'the chain or the store did not answer; asking again')
    }
    await clock.sleep(everyMs, signal)
  }
}

function passesByItself(error: unknown, hasWorked: boolean): boolean {
  if (error instanceof ChainError) return error.isRetryable || (hasWorked && error.code === 'bad_answer')
  return isStorageError(error) && error.retryable
}

function isOver({ cycle, decision }: WeightCyclePass): boolean {
  if (decision.kind === 'refuse') return true
  return decision.kind === 'wait' && (cycle === null || isSettled(cycle))
}
