/** Keeps the values that were asked for last, up to `limit` of them: for what cannot change any more. */
export class BoundedCache<Value> {
  readonly #limit: number
  readonly #values = new Map<string, Value>()

  constructor(limit: number) {
    this.#limit = limit
  }

  /** The kept value, or null. */
  find(key: string): Value | null {
    const value = this.#values.get(key)
    if (value === undefined) return null
    this.#values.delete(key)
    this.#values.set(key, value)
    return value
  }

  /** Keeps a value; of too many, the one that was not asked for longest goes. */
  keep(key: string, value: Value): void {
    this.#values.delete(key)
    this.#values.set(key, value)
    if (this.#values.size <= this.#limit) return
    for (const oldest of this.#values.keys()) {
      this.#values.delete(oldest)
      return
    }
  }
}
