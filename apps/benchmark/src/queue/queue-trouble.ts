import type { Clock, Logger } from '@subnetkit/core'

/** Whose trouble it is, and who is told. */
export interface QueueTroubleParams {
  readonly lane: string
  readonly clock: Clock
  readonly log: Logger
}

const TOLD_AGAIN_MS = 30_000

/** A broken connection is an event each second for each of many connections: it is told once in half a minute. */
export class QueueTrouble {
  readonly #params: QueueTroubleParams
  #toldMs: number | null = null

  constructor(params: QueueTroubleParams) {
    this.#params = params
  }

  note(error: Error): void {
    const { clock, lane, log } = this.#params
    const nowMs = clock.monotonicMs()
    if (this.#toldMs !== null && nowMs - this.#toldMs < TOLD_AGAIN_MS) return
    this.#toldMs = nowMs
    log.warn({ lane, reason: error.message }, 'the queue in Redis has trouble; it is tried again')
  }
}
