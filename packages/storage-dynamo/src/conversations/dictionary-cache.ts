import type { Dictionary } from './dictionary.ts'

/** Keeps the dictionaries used last, up to a number of bytes, and lets many who want the same one wait for one load. */
export class DictionaryCache {
  readonly #maxBytes: number
  readonly #kept = new Map<string, Dictionary>()
  readonly #loading = new Map<string, Promise<Dictionary>>()
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** The one that is kept, or what `load` gives; a load that fails is not remembered. */
  async get(id: string, load: () => Promise<Dictionary>): Promise<Dictionary> {
    const kept = this.#kept.get(id)
    if (kept !== undefined) {
      // Moved to the end: the first one of the map is the one that was not used for longest.
      this.#kept.delete(id)
      this.#kept.set(id, kept)
      return kept
    }
    const loading = this.#loading.get(id) ?? this.#load(id, load)
    this.#loading.set(id, loading)
    return loading
  }

  async #load(id: string, load: () => Promise<Dictionary>): Promise<Dictionary> {
    try {
      const dictionary = await load()
      this.#keep(dictionary)
      return dictionary
    } finally {
      this.#loading.delete(id)
    }
  }

  #keep(dictionary: Dictionary): void {
    this.#kept.set(dictionary.id, dictionary)
    this.#bytes += dictionary.bytes.byteLength
    for (const [id, { bytes }] of this.#kept) {
      if (this.#bytes <= this.#maxBytes) return
      this.#kept.delete(id)
      this.#bytes -= bytes.byteLength
    }
  }
}
