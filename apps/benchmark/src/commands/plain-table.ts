import Table from 'cli-table3'

/** No colours and no lines between rows: the text reads the same on a terminal and in a file. */
const PLAIN = { head: [], border: [], compact: true }

/** A table for a person. What miners wrote is shown, never obeyed: control characters become visible text. */
export function plainTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({ head: [...head], style: PLAIN })
  table.push(...rows.map((row) => row.map(visible)))
  return table.toString()
}

/** One text without anything that a terminal would obey. */
export function visible(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (found) => `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`,
  )
}
