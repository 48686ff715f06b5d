/** A row that could not be copied, and why. */
export interface FailedRow {
  readonly table: string
  readonly id: string
  readonly problem: string
}

const SHOWN = 20

/** Counts rows that could not be copied and keeps the first of them, however many there are. */
export class FailedRows {
  readonly first: FailedRow[] = []
  count = 0

  /** Takes note of one. */
  add(row: FailedRow): void {
    this.count += 1
    if (this.first.length < SHOWN) this.first.push(row)
  }
}
