import type { ImportedAgents, ImportedTable } from '../tasks/import-agents.ts'
import { showCell, textTable } from '../text-table.ts'

/** What an import did, for a person, and what to do about what is left. */
export function importSummary(imported: ImportedAgents): string {
  const isStored = imported.outcome === 'imported' || imported.outcome === 'unchanged'
  const head = [
    'table',
    'rows',
    isStored ? 'stored' : 'good',
    'bad',
    ...(isStored ? ['in DynamoDB', 'in ClickHouse'] : []),
  ]
  const table = textTable(
    head,
    imported.tables.map((row) => cells(row, isStored)),
  )
  return [table, ...outcomeLines(imported), ...badLines(imported)].join('\n')
}

function cells({ table, rows, stored, bad, counts }: ImportedTable, isStored: boolean): readonly string[] {
  const good = isStored ? stored : rows - bad
  const [decided, record] = [counts?.decided ?? '–', counts?.record ?? '–']
  return [table, `${rows}`, `${good}`, `${bad}`, ...(isStored ? [`${decided}`, `${record}`] : [])]
}

function outcomeLines({ outcome, bad, isWhole, queued }: ImportedAgents): readonly string[] {
  if (outcome === 'checked') return ['Nothing was stored: this was a check.']
  if (outcome === 'refused') return ['Nothing was stored, since rows are bad and --strict was given.']
  const lines =
    outcome === 'unchanged'
      ? ['All of it was imported before: nothing changed.']
      : [`Every row is stored or listed as bad (${bad}).`]
  if (queued > 0) lines.push(`Evaluations in the queues of their validators: ${queued}.`)
  if (isWhole) return lines
  return [
    ...lines,
    'The stores have fewer rows than were stored: rows of the dump share an id, or somebody removed some.',
  ]
}

function badLines({ bad, firstBad, badRowsFile, outcome }: ImportedAgents): readonly string[] {
  if (bad === 0) return []
  const shown = firstBad.map(
    ({ table, line, field, why, wayOut }) =>
      `  ${table}, line ${line}: ${showCell(`${field} ${why}`)}; ${showCell(wayOut)}`,
  )
  const next =
    outcome === 'imported' || outcome === 'unchanged'
      ? ' Correct them in the files and run again with --restart, which stores the others again as they are.'
      : ''
  return [...shown, `Bad rows: ${bad}, all listed in ${badRowsFile}.${next}`]
}
