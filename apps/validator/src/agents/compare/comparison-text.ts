import { textTable } from '../../text-table.ts'
import type { Drained } from '../projection/drain-outboxes.ts'
import type { RegistryComparison } from './compare-registry.ts'

/** What was copied and how both stores compare, as a person would tell it. */
export function comparisonText(
  drained: Drained,
  { tables, differences, isWhole }: RegistryComparison,
  isRepairing: boolean,
): string {
  const found = tables.reduce(
    (sum, { missing, different, onlyInRecord, unreadable }) =>
      sum + missing + different + onlyInRecord + unreadable,
    0,
  )
  return [
    drainedText(drained),
    textTable(
      ['table', 'rows', 'missing', 'different', 'only in the record', 'unreadable', 'repaired'],
      tables.map(({ table, rows, missing, different, onlyInRecord, unreadable, repaired }) =>
        [table, rows, missing, different, onlyInRecord, unreadable, repaired].map(String),
      ),
    ),
    ...(differences.length === 0
      ? []
      : [
          textTable(
            ['table', 'id', 'what', 'field', 'decided', 'in the record'],
            differences.map(({ table, id, kind, field, decided, copied }) =>
              [table, id, kind, field ?? '', decided ?? '', copied ?? ''].map(String),
            ),
          ),
        ]),
    ...(found > differences.length ? [`The first ${differences.length} are shown.`] : []),
    verdictText(found, isWhole, isRepairing),
  ].join('\n')
}

function drainedText({ changes, scores, evaluations, runs, failed, failures, waiting }: Drained): string {
  const copied = `Copied ${changes} changes, ${scores} scores of versions, ${evaluations} evaluations and ${runs} runs.`
  const [first] = failures
  const left = [
    ...(waiting === 0 ? [] : [`${waiting} writes may still be under way.`]),
    ...(first === undefined
      ? []
      : [
          `${failed} rows cannot be copied, the first of them: ${first.table} ${first.id}: ${first.problem}.`,
        ]),
  ]
  return [copied, ...left].join(' ')
}

function verdictText(found: number, isWhole: boolean, isRepairing: boolean): string {
  if (found === 0) return 'Both stores are equal.'
  if (isWhole) return 'They differed; all of it is repaired.'
  return isRepairing
    ? 'What is left needs a person: DynamoDB says otherwise, and nothing is forced.'
    : 'They differ. Repair with: validator agents sync --repair'
}
