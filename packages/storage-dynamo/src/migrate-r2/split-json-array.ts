import { StorageError } from '@subnetkit/core'

const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d]
const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c]
const BLANKS = new Set([0x20, 0x09, 0x0a, 0x0d])

/**
 * Cuts a JSON array, given as a stream of bytes, into the bytes of its elements, one after the other: memory holds one
 * element, whatever the array's length. It finds where elements end; whether each is JSON is its parser's business.
 *
 * @throws StorageError `corrupt_row` with the offset when the bytes are no array or end in the middle;
 *   `resource_exhausted` when an element is longer than `maxElementBytes`.
 */
export async function* splitJsonArray(
  chunks: AsyncIterable<Uint8Array>,
  options: { readonly maxElementBytes: number },
): AsyncGenerator<Uint8Array, void, undefined> {
  const splitter = new ArraySplitter(options.maxElementBytes)
  for await (const chunk of chunks) yield* splitter.push(chunk)
  splitter.end()
}

class ArraySplitter {
  readonly #maxElementBytes: number
  #state: 'start' | 'elements' | 'done' = 'start'
  #depth = 0
  #isString = false
  #isEscaped = false
  #hasElements = false
  #offset = 0
  #kept: Uint8Array[] = []
  #keptBytes = 0

  constructor(maxElementBytes: number) {
    this.#maxElementBytes = maxElementBytes
  }

  *push(chunk: Uint8Array): Generator<Uint8Array, void, undefined> {
    let from = this.#state === 'elements' ? 0 : chunk.length
    for (let index = 0; index < chunk.length; index += 1, this.#offset += 1) {
      const byte = chunk[index] ?? 0
      if (this.#state !== 'elements') {
        if (this.#startsArray(byte)) from = index + 1
        continue
      }
      if (!this.#endsElement(byte)) continue
      const element = this.#take(chunk.subarray(from, index), byte === CLOSE_ARRAY)
      from = index + 1
      if (byte === CLOSE_ARRAY) this.#state = 'done'
      if (element !== null) yield element
    }
    if (this.#state === 'elements') this.#keep(chunk.subarray(from))
  }

  end(): void {
    if (this.#state !== 'done') throw this.#problem('ends before its array does')
  }

  /** Before and after the array only blanks may stand. */
  #startsArray(byte: number): boolean {
    if (BLANKS.has(byte)) return false
    if (this.#state === 'done') throw this.#problem('goes on after its array')
    if (byte !== OPEN_ARRAY) throw this.#problem('is no JSON array')
    this.#state = 'elements'
    return true
  }

  #endsElement(byte: number): boolean {
    if (this.#isString) {
      if (this.#isEscaped) this.#isEscaped = false
      else if (byte === BACKSLASH) this.#isEscaped = true
      else if (byte === QUOTE) this.#isString = false
      return false
    }
    if (byte === QUOTE) this.#isString = true
    else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) this.#depth += 1
    else if (this.#depth > 0 && (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT)) this.#depth -= 1
    else return this.#depth === 0 && (byte === COMMA || byte === CLOSE_ARRAY)
    return false
  }

  /** The element that ends here; null for the array without any. */
  #take(last: Uint8Array, isLast: boolean): Uint8Array | null {
    this.#keep(last)
    const element = this.#kept.length === 1 ? (this.#kept[0] ?? last) : Buffer.concat(this.#kept)
    this.#kept = []
    this.#keptBytes = 0
    if (element.every((byte) => BLANKS.has(byte))) {
      if (isLast && !this.#hasElements) return null
      throw this.#problem('has an empty element')
    }
    this.#hasElements = true
    return element
  }

  #keep(part: Uint8Array): void {
    this.#keptBytes += part.length
    if (this.#keptBytes > this.#maxElementBytes) {
      throw new StorageError({
        code: 'resource_exhausted',
        message: `a row that ends after byte ${this.#offset} is longer than ${this.#maxElementBytes} bytes; raise the limit`,
        details: { offset: this.#offset, maxElementBytes: this.#maxElementBytes },
      })
    }
    if (part.length > 0) this.#kept.push(part)
  }

  #problem(problem: string): StorageError {
    return new StorageError({
      code: 'corrupt_row',
      message: `the shard ${problem} (at byte ${this.#offset})`,
      details: { offset: this.#offset },
    })
  }
}
