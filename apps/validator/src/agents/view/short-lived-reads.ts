import { BoundedCache } from '../../published/bounded-cache.ts'

interface Kept<Value> {
  readonly atMs: number
  readonly value: Promise<Value>
}

/**
 * Answers that cost a lot, kept for a moment: whoever asks within it gets the same one, and whoever asks while it is
 * being made waits for it. A failure is nobody else's.
 */
export class ShortLivedReads<Value> {
  readonly #kept: BoundedCache<Kept<Value>>
  readonly #maxAgeMs: number
  readonly #now: () => Date

  /** Keeps the answers to `limit` questions. */
  constructor(params: Readonly<{ limit: number; maxAgeMs: number; now: () => Date }>) {
    this.#kept = new BoundedCache(params.limit)
    this.#maxAgeMs = params.maxAgeMs
    this.#now = params.now
  }

  /** The answer, and how long ago it was asked for in ms. `ask` must not hang on one reader's signal. */
  async read(
    question: string,
    ask: () => Promise<Value>,
  ): Promise<{ readonly value: Value; readonly ageMs: number }> {
    const nowMs = this.#now().getTime()
    const kept = this.#kept.find(question)
    const ageMs = kept === null ? Infinity : nowMs - kept.atMs
    // A clock that was set back must not keep an answer alive.
    if (kept !== null && ageMs >= 0 && ageMs < this.#maxAgeMs) return { value: await kept.value, ageMs }
    const value = ask()
    this.#kept.keep(question, { atMs: nowMs, value })
    try {
      return { value: await value, ageMs: 0 }
    } catch (error) {
      this.#kept.keep(question, { atMs: -Infinity, value })
      throw error
    }
  }
}
