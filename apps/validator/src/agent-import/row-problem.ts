import type { DumpTable } from './dump-tables.ts'

/** Characters of a value that are worth listing. */
const SHOWN_CHARACTERS = 200

/** Why a row cannot be imported. */
export interface RowFault {
  /** The column, or `row` for the row as a whole. */
  readonly field: string
  readonly value: unknown
  readonly why: string
  readonly wayOut: string
}

/** What one row is refused for; raised where its values are read and listed by whoever reads the file. */
export class RowProblem extends Error {
  override readonly name = 'RowProblem'
  readonly fault: RowFault

  constructor(fault: RowFault) {
    super(`${fault.field}: ${fault.why}`)
    this.fault = fault
  }
}

/** A row that was not imported, as it is listed. */
export interface BadRow {
  readonly table: DumpTable
  /** Where the row begins in its file, from 1. */
  readonly line: number
  readonly field: string
  /** Shortened. */
  readonly value: string | null
  readonly why: string
  readonly wayOut: string
}

/** A bad row of a table's line. */
export function badRowOf(table: DumpTable, line: number, fault: RowFault): BadRow {
  const { field, why, wayOut } = fault
  return { table, line, field, value: shortened(fault.value), why, wayOut }
}

function shortened(value: unknown): string | null {
  if (value === null || value === undefined) return null
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  if (text.length <= SHOWN_CHARACTERS) return text
  return `${text.slice(0, SHOWN_CHARACTERS)}… (${text.length} characters)`
}
