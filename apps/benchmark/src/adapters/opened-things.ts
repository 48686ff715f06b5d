/** What was opened so far, to be closed in the reverse order. */
export class OpenedThings implements AsyncDisposable {
  readonly #things: AsyncDisposable[] = []

  /** Takes a thing over. */
  use<Thing extends AsyncDisposable>(thing: Thing): Thing {
    this.#things.push(thing)
    return thing
  }

  /** Closes all, the last one first; one that fails keeps none open, and the first failure is thrown at the end. */
  async [Symbol.asyncDispose](): Promise<void> {
    const failures: unknown[] = []
    for (const thing of this.#things.splice(0).reverse()) {
      try {
        await thing[Symbol.asyncDispose]()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw failures[0]
  }
}
