import type { Clock } from '@subnetkit/core'

/** A pause that ends early when there is something to do. */
export class Wake {
  readonly #clock: Pick<Clock, 'sleep'>
  #isDue = false
  #end: (() => void) | null = null

  constructor(clock: Pick<Clock, 'sleep'>) {
    this.#clock = clock
  }

  /** Ends the pause that is under way, or the next one. */
  wake(): void {
    this.#isDue = true
    this.#end?.()
  }

  /** Waits for at most `ms`, until it is woken, or until `signal`; never throws. One pause at a time. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.#isDue && !signal.aborted) {
      const ended = new AbortController()
      const end = (): void => ended.abort()
      this.#end = end
      signal.addEventListener('abort', end, { once: true })
      await this.#clock.sleep(ms, ended.signal).catch(() => undefined)
      signal.removeEventListener('abort', end)
      this.#end = null
    }
    this.#isDue = false
  }
}
