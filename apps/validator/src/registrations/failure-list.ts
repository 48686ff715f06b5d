/** A step of a sync. */
export type SyncStep = 'registry' | 'record' | 'task_scores' | 'miner_performances' | 'settle'

/** Something that could not be done; the next run tries it again. */
export interface SyncFailure {
  readonly step: SyncStep
  /** Null when it concerns everybody. */
  readonly hotkey: string | null
  readonly uid: number | null
  readonly message: string
}

/** Collects what fails, so that one failure does not keep the rest from being done. */
export class FailureList {
  readonly all: SyncFailure[] = []
  readonly #signal: AbortSignal

  constructor(signal: AbortSignal) {
    this.#signal = signal
  }

  /** What the step gave, or null when it failed. An abort is no failure of a step: it ends the whole. */
  async attempt<Result>(
    step: SyncStep,
    subject: Readonly<{ hotkey: string; uid: number | null }> | null,
    run: () => Promise<Result>,
  ): Promise<Result | null> {
    try {
      return await run()
    } catch (error) {
      this.#signal.throwIfAborted()
      const message = error instanceof Error ? error.message : String(error)
      this.all.push({ step, hotkey: subject?.hotkey ?? null, uid: subject?.uid ?? null, message })
      return null
    }
  }
}
