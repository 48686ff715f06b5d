/** A stretch of characters of one class, as long as it goes. */
export interface TextRun {
  readonly index: number
  readonly text: string
}

/** What one pass over a text finds; long texts are read once, not once for each rule. */
export interface TextRuns {
  /** Letters and digits, 26 characters or more: an address cannot be shorter. */
  readonly words: readonly TextRun[]
  /** The alphabets of base64 and hex, 96 characters or more. */
  readonly encoded: readonly TextRun[]
  /** Brackets and signs, 120 characters or more; where the first begins. */
  readonly brackets: number | null
  /** Where more than {@link MOST_NUMBERS} numbers follow each other with nothing but separators between. */
  readonly numbers: number | null
}

/** Tables of CRCs and of text encodings are shorter. */
export const MOST_NUMBERS = 4_096

const WORD = 1
const ENCODED = 2
const BRACKET = 4
const DIGIT = 8
const IN_NUMBER = 16
const SEPARATOR = 32
const SHORTEST_WORD = 26
const SHORTEST_ENCODED = 96
const SHORTEST_BRACKETS = 120

const classes = new Uint8Array(128)
for (const [characters, flag] of [
  ['0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', WORD | ENCODED],
  ['+/_-', ENCODED],
  ['[]()!+{}', BRACKET],
  ['0123456789', DIGIT],
  ['abcdefABCDEFxXn._', IN_NUMBER],
  [', \n\r\t[]{}():\'"-+;', SEPARATOR],
] as const) {
  for (const character of characters) {
    const code = character.charCodeAt(0)
    classes[code] = (classes[code] ?? 0) | flag
  }
}

/** Reads a text once, in time that grows with its length alone. */
export function findTextRuns(text: string): TextRuns {
  const words: TextRun[] = []
  const encoded: TextRun[] = []
  let brackets: number | null = null
  let wordAt = 0
  let encodedAt = 0
  let bracketAt = 0
  const numbers = new NumberCount()
  for (let index = 0; index <= text.length; index++) {
    const code = index < text.length ? text.charCodeAt(index) : 0
    const flags = code < 128 ? (classes[code] ?? 0) : 0
    if ((flags & WORD) === 0) {
      if (index - wordAt >= SHORTEST_WORD) words.push({ index: wordAt, text: text.slice(wordAt, index) })
      wordAt = index + 1
      if ((flags & ENCODED) === 0) {
        if (index - encodedAt >= SHORTEST_ENCODED)
          encoded.push({ index: encodedAt, text: text.slice(encodedAt, index) })
        encodedAt = index + 1
      }
    }
    if ((flags & BRACKET) === 0) {
      if (index - bracketAt >= SHORTEST_BRACKETS) brackets ??= bracketAt
      bracketAt = index + 1
    }
    numbers.push(flags, index)
  }
  return { words, encoded, brackets, numbers: numbers.found }
}

class NumberCount {
  found: number | null = null
  #count = 0
  #start = 0
  #isInNumber = false

  push(flags: number, index: number): void {
    if ((flags & DIGIT) !== 0) {
      if (this.#isInNumber) return
      this.#isInNumber = true
      if (this.#count === 0) this.#start = index
      this.#count++
      if (this.#count > MOST_NUMBERS) this.found ??= this.#start
    } else if (this.#isInNumber && (flags & IN_NUMBER) !== 0) {
      // Still the same number: hex digits, an exponent, a point.
    } else {
      this.#isInNumber = false
      if ((flags & SEPARATOR) === 0) this.#count = 0
    }
  }
}
