/** A list of 32-bit integers that grows: four bytes each where an array of numbers takes eight and more. */
export class GrowingIntegers {
  #values = new Int32Array(1_024)
  #length = 0

  get length(): number {
    return this.#length
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Int32Array(this.#length * 2)
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.#length] = value
    this.#length += 1
  }

  /** The value at an index; 0 beyond the end. */
  at(index: number): number {
    return this.#values[index] ?? 0
  }

  /** Replaces a value that was pushed before. */
  set(index: number, value: number): void {
    this.#values[index] = value
  }
}
