import { type Clock, isStorageError } from '@subnetkit/core'

/** How long it is borne that a service does not answer. */
export interface PatienceParams {
  readonly clock: Clock
  /** In ms, from the first question in a row that was not answered. */
  readonly lastsMs: number
  readonly signal: AbortSignal
}

const PAUSE_MS = 1_000

/** Asks again while a service does not answer; an answer, to whatever question, makes it patient anew. */
export class Patience {
  readonly #params: PatienceParams
  #silentSinceMs: number | null = null

  constructor(params: PatienceParams) {
    this.#params = params
  }

  /**
   * The answer to a question that may be asked any number of times.
   *
   * @throws what the question throws, when that is no silence or when patience is at its end; the signal's reason.
   */
  async ask<Result>(question: () => Promise<Result>): Promise<Result> {
    const { clock, lastsMs, signal } = this.#params
    for (;;) {
      try {
        const answer = await question()
        this.#silentSinceMs = null
        return answer
      } catch (error) {
        signal.throwIfAborted()
        if (!isStorageError(error, 'unavailable')) throw error
        this.#silentSinceMs ??= clock.monotonicMs()
        if (clock.monotonicMs() - this.#silentSinceMs >= lastsMs) throw error
        await clock.sleep(PAUSE_MS, signal)
      }
    }
  }
}
