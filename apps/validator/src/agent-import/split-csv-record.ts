import { RowProblem } from './row-problem.ts'

/**
 * The values of a CSV record as PostgreSQL writes it: separated by commas, quoted where they must be, a quote within as
 * two. What is not quoted and empty or `\N` is null; quoted, both are text.
 *
 * @throws RowProblem for quotes that do not match.
 */
export function splitCsvRecord(text: string): readonly (string | null)[] {
  if (!text.includes('"')) return text.split(',').map(nullable)
  const values: (string | null)[] = []
  let at = 0
  while (at <= text.length) {
    const comma = text.indexOf(',', at)
    const end = comma === -1 ? text.length : comma
    if (text.charAt(at) !== '"') {
      const value = text.slice(at, end)
      if (value.includes('"')) throw badQuotes(value)
      values.push(nullable(value))
      at = end + 1
      continue
    }
    const close = closingQuote(text, at + 1)
    const after = text.charAt(close + 1)
    if (close === -1 || (after !== '' && after !== ',')) throw badQuotes(text.slice(at))
    values.push(text.slice(at + 1, close).replaceAll('""', '"'))
    at = close + 2
  }
  return values
}

function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from)
  while (at !== -1 && text.charAt(at + 1) === '"') at = text.indexOf('"', at + 2)
  return at
}

function nullable(value: string): string | null {
  return value === '' || value === '\\N' ? null : value
}

function badQuotes(value: string): RowProblem {
  return new RowProblem({
    field: 'row',
    value,
    why: 'has quotes that do not match',
    wayOut: 'export the table again with \\copy … csv header',
  })
}
