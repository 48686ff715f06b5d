/** Longest answer that is read at all, in UTF-16 units; a longer one is worth 0. Reading takes linear time. */
export const MAX_ANSWER_CHARACTERS = 1_000_000

/** The last block between two lines of three backticks, without its language; null when there is none. */
export function lastFencedBlock(text: string): string | null {
  const parts = text.split('```')
  // An odd number of fences leaves the last block open: models that run out of tokens do that.
  const last = parts.length % 2 === 0 ? parts.at(-1) : parts.at(-2)
  if (parts.length < 2 || last === undefined) return null
  return last.replace(/^[A-Za-z]{0,20}\r?\n/, '')
}

/** The text from the last `{` to the first `}` after it, both included; null when there is none. */
export function lastFlatObject(text: string): string | null {
  const start = text.lastIndexOf('{')
  const end = start < 0 ? -1 : text.indexOf('}', start)
  return end < 0 ? null : text.slice(start, end + 1)
}

/** What the text says as JSON; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch {
    return undefined
  }
}
