import Table from 'cli-table3'

const SHORT_START = 6
const SHORT_END = 4

/** A table without lines, for many narrow columns. Cells must not hold control characters. */
export function plainTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const none = ''
  const table = new Table({
    head: [...head],
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    chars: {
      top: none,
      'top-mid': none,
      'top-left': none,
      'top-right': none,
      bottom: none,
      'bottom-mid': none,
      'bottom-left': none,
      'bottom-right': none,
      left: none,
      'left-mid': none,
      mid: none,
      'mid-mid': none,
      right: none,
      'right-mid': none,
      middle: '  ',
    },
  })
  table.push(...rows.map((row) => [...row]))
  const lines = table.toString().split('\n')
  return lines.map((line) => line.trimEnd()).join('\n')
}

/** The ends of a hotkey, which people compare by: `5Grwva…utQY`. Short ones stay as they are. */
export function shortHotkey(hotkey: string): string {
  return hotkey.length <= SHORT_START + SHORT_END + 1
    ? hotkey
    : `${hotkey.slice(0, SHORT_START)}…${hotkey.slice(-SHORT_END)}`
}
