import { InputError, isInnocentRole } from '@subnetkit/core'

/** What really happened, as a generator or an investigation says it. */
export interface Truth {
  /** Who should be found: whoever takes part in anything and is not only its victim or bystander. */
  readonly positives: ReadonlySet<string>
  /** Addresses that the source lists as clean, and victims and bystanders; an alert on one is no find. */
  readonly negatives: ReadonlySet<string>
  /** Positives among the members of each pattern instance; empty when the source does not say. */
  readonly instances: ReadonlyMap<string, ReadonlySet<string>>
}

/** How a truth file is read. */
export interface TruthColumns {
  /** The column that holds the address. @default address */
  readonly address: string
  /**
   * The column that holds 1, true or yes for positives; null when every listed address is one, but for those whose
   * column `role` names a victim or bystander, as the benchmark's truth does.
   */
  readonly flag: string | null
}

/** One row of a truth file, values as the format gives them. */
export type TruthRow = Readonly<Record<string, unknown>>

const yes = new Set(['1', 'true', 'yes'])
const no = new Set(['0', 'false', 'no', ''])

/**
 * Reads a truth from rows.
 *
 * @throws InputError when a column is missing, a flag is neither yes nor no, or there is no positive at all.
 */
export function readTruth(rows: readonly TruthRow[], columns: TruthColumns, fileName: string): Truth {
  const positives = new Set<string>()
  const negatives = new Set<string>()
  const instances = new Map<string, Set<string>>()
  for (const [index, row] of rows.entries()) {
    const address = textOf(row, columns.address, fileName)
    if (!isPositive(row, columns.flag, fileName, index)) {
      negatives.add(address)
      continue
    }
    positives.add(address)
    const instance = row['pattern_instance_id']
    if (typeof instance !== 'string' || instance === '') continue
    const members = instances.get(instance) ?? new Set<string>()
    instances.set(instance, members.add(address))
  }
  // The victim of one pattern may be a culprit in another.
  for (const address of positives) negatives.delete(address)
  if (positives.size === 0) {
    throw new InputError({
      field: fileName,
      problem: 'names no positive address',
      hint: 'check --truth-columns',
    })
  }
  return { positives, negatives, instances }
}

function isPositive(row: TruthRow, flag: string | null, fileName: string, index: number): boolean {
  if (flag !== null) return isYes(textOf(row, flag, fileName), flag, fileName, index)
  const role = row['role']
  return typeof role !== 'string' || !isInnocentRole(role)
}

function textOf(row: TruthRow, column: string, fileName: string): string {
  const value = row[column]
  if (
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    typeof value === 'boolean'
  ) {
    return String(value)
  }
  throw new InputError({
    field: fileName,
    problem: `has no column ${column}`,
    hint: `it has ${Object.keys(row).join(', ')}; name the right ones: --truth-columns address=NAME,flag=NAME`,
  })
}

function isYes(text: string, column: string, fileName: string, index: number): boolean {
  const word = text.trim().toLowerCase()
  if (yes.has(word)) return true
  if (no.has(word)) return false
  throw new InputError({
    field: `${fileName}: row ${index + 1}: ${column}`,
    value: text,
    problem: 'is neither yes nor no',
    hint: 'use 1 and 0, true and false, or yes and no',
  })
}
