import Table from 'cli-table3'

const MAX_CELL = 60

/** A table for a person. Cells are cut at 60 characters, and control characters in them are shown, never obeyed. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({ head: [...head], style: { head: [], border: [] } })
  table.push(...rows.map((row) => row.map(showCell)))
  return table.toString()
}

/** One value as it may stand in a terminal: escape sequences and line breaks become visible text. */
export function showCell(text: string): string {
  const visible = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (found) => {
    const code = found.codePointAt(0) ?? 0
    return found === '\u200d' ? found : `\\u{${code.toString(16)}}`
  })
  return visible.length <= MAX_CELL ? visible : `${visible.slice(0, MAX_CELL)}… (${text.length} characters)`
}
