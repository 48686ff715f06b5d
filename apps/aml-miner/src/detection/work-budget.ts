import type { DetectionNotice } from './detection-notice.ts'

const STEPS_BETWEEN_SIGNAL_CHECKS = 8192

/**
 * Counts the steps of one detector: stops it at a fixed number, the same in every run, and looks at the abort signal
 * now and then. When it is hit the result is still valid but may miss something, and {@link WorkBudget.notice} says so.
 */
export class WorkBudget {
  readonly detector: string
  readonly limit: number
  private spent = 0
  private readonly signal: AbortSignal | undefined

  constructor(detector: string, limit: number, signal?: AbortSignal) {
    this.detector = detector
    this.limit = limit
    this.signal = signal
  }

  /** Takes one step; false when none is left. Throws the signal's reason when the caller gave up. */
  take(): boolean {
    if (this.spent % STEPS_BETWEEN_SIGNAL_CHECKS === 0) this.signal?.throwIfAborted()
    this.spent++
    return this.spent <= this.limit
  }

  /** What to tell the reader, or null when the budget was enough. */
  notice(): DetectionNotice | null {
    if (this.spent <= this.limit) return null
    return {
      code: 'budget_hit',
      detector: this.detector,
      message: `${this.detector} stopped after ${this.limit} steps; later transfers were not examined. Raise workPerTransfer or shorten the window.`,
    }
  }
}
