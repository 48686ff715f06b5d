import type { Clock, Logger } from '@subnetkit/core'

/** Whose workers are looked at, and who is told. */
export interface WorkerWatchParams {
  readonly clock: Clock
  readonly log: Logger
  /** Workers of the lane that are connected. */
  readonly countWorkers: () => Promise<number>
  /** Jobs of the lane that wait for a worker. */
  readonly countWaiting: () => Promise<number>
}

const LOOK_MS = 2_000
/** Looks in a row: a worker that connects anew is away for a moment. */
const LOOKS_BEFORE_TOLD = 2
const TOLD_AGAIN_MS = 60_000

/** Tells when jobs wait and nobody is there to do them, again each minute, and when somebody has come. */
export class WorkerWatch {
  readonly #params: WorkerWatchParams
  #lookedMs = -Infinity
  #emptyLooks = 0
  #toldMs: number | null = null

  constructor(params: WorkerWatchParams) {
    this.#params = params
  }

  /** To be called while somebody waits, as often as one likes: it looks every two seconds. */
  async look(): Promise<void> {
    const { clock, countWaiting, countWorkers, log } = this.#params
    const nowMs = clock.monotonicMs()
    if (nowMs - this.#lookedMs < LOOK_MS) return
    this.#lookedMs = nowMs
    if ((await countWorkers()) > 0) return this.#noteWorker()
    const waiting = await countWaiting()
    this.#emptyLooks = waiting > 0 ? this.#emptyLooks + 1 : 0
    if (this.#emptyLooks < LOOKS_BEFORE_TOLD) return
    if (this.#toldMs !== null && nowMs - this.#toldMs < TOLD_AGAIN_MS) return
    this.#toldMs = nowMs
    log.warn(
      { waiting },
      'jobs wait, and no worker is connected to this Redis: start "benchmark worker" with the same REDIS_URL and CLICKHOUSE_URL',
    )
  }

  #noteWorker(): void {
    if (this.#toldMs !== null) this.#params.log.info({}, 'a worker is there: it goes on')
    this.#toldMs = null
    this.#emptyLooks = 0
  }
}
