import { InputError } from '@subnetkit/core'

/** Deeper nesting than any honest request has; what walks a body recursively is safe below it. */
const MAX_DEPTH = 32
/** Brackets and commas outside texts: far above 10,000 messages, far below what takes a second to parse. */
const MAX_MARKS = 200_000

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b])
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d])

/**
 * Refuses JSON that is nested or split up to cost more than it weighs, before it is parsed: megabytes of brackets hold
 * the event loop for seconds, megabytes of text do not. It reads each byte once and says nothing about what is no JSON.
 *
 * @throws InputError naming `field`.
 */
export function checkJsonShape(field: string, json: Uint8Array): void {
  let depth = 0
  let marks = 0
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at] ?? 0
    if (byte === QUOTE) {
      at = endOfText(json, at)
      continue
    }
    const isOpening = OPENING.has(byte)
    if (isOpening) depth += 1
    else if (CLOSING.has(byte)) depth -= 1
    else if (byte !== COMMA) continue
    marks += 1
    if (depth > MAX_DEPTH) throw tooMuch(field, `is nested deeper than ${MAX_DEPTH} levels`)
    if (marks > MAX_MARKS) throw tooMuch(field, 'has too many members')
  }
}

/** Where the text ends that begins at `start`: its closing quote, or the end of the bytes. */
function endOfText(json: Uint8Array, start: number): number {
  let end = json.indexOf(QUOTE, start + 1)
  while (end >= 0) {
    let backslashes = 0
    while (json[end - 1 - backslashes] === BACKSLASH) backslashes += 1
    if (backslashes % 2 === 0) return end
    end = json.indexOf(QUOTE, end + 1)
  }
  return json.length
}

function tooMuch(field: string, problem: string): InputError {
  return new InputError({ field, problem, hint: 'send it flatter and in fewer parts' })
}
