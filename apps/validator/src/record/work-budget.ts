/** The parts of the record that cost most: the first to be left out, and the second. */
export type HeavyPart = 'statistics' | 'traces'

/** What one pass spent. */
export interface BudgetVerdict {
  readonly spentMs: number
  readonly isOver: boolean
  /** Passes from now on in which heavy parts are left out; 0 is none. */
  readonly restPasses: number
}

/** However often it was too much: a day of passes is never left out as a whole. */
const MOST_REST_PASSES = 64

/**
 * How much of the process's own time the record takes from one pass over the weights to the next, and what is left out
 * when that is too much: statistics at first, traces too when that did not help. The rest doubles with each pass that is
 * over again, and one whole pass within the budget ends it. Waiting for a store is not counted: nobody waits with it.
 */
export class WorkBudget {
  #spentMs = 0
  #wasHeavy = false
  #overruns = 0
  #restPasses = 0
  #isLifted = false

  /** Counts time during which the record held the thread. */
  spend(ms: number, isHeavy: boolean): void {
    this.#spentMs += Math.max(0, ms)
    this.#wasHeavy ||= isHeavy
  }

  /** Whether heavy work may still begin in this pass. */
  hasRoom(limitMs: number): boolean {
    return this.#isLifted || this.#spentMs < limitMs
  }

  /** Whether a part has to wait for a later pass. */
  leavesOut(part: HeavyPart): boolean {
    return !this.#isLifted && this.#restPasses > 0 && (part === 'statistics' || this.#overruns > 1)
  }

  /** Until the next pass begins everything may be done: nobody waits for a pass. */
  lift(): void {
    this.#isLifted = true
  }

  /** Ends the account of one pass and begins that of the next. */
  turn(limitMs: number): BudgetVerdict {
    const spentMs = this.#spentMs
    const isOver = spentMs > limitMs
    if (isOver) {
      this.#overruns += 1
      this.#restPasses = Math.min(MOST_REST_PASSES, 2 ** (this.#overruns - 1))
    } else if (this.#restPasses > 0) {
      this.#restPasses -= 1
    } else if (this.#wasHeavy) {
      this.#overruns = 0
    }
    this.#spentMs = 0
    this.#wasHeavy = false
    this.#isLifted = false
    return { spentMs, isOver, restPasses: this.#restPasses }
  }
}
