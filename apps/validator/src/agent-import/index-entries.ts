import { RowProblem } from './row-problem.ts'

/** One row of a dump, as far as others have to know it. */
export interface Entry {
  readonly id: string
  readonly line: number
  readonly createdAtMs: number
  /** Whether it is the one row that what must be unique belongs to. */
  hasPlace: boolean
  /** The store said no. */
  isRefused: boolean
}

/** An entry of a row that has its place, as far as is known. */
export function newEntry(id: string, line: number, createdAt: Date): Entry {
  return { id: ownText(id), line, createdAtMs: createdAt.getTime(), hasPlace: true, isRefused: false }
}

/** A plain text of its own: one cut out of a line would keep the whole line in memory. */
export function ownText(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1')
}

/** The rows of one table by id, of which the first that has it counts. */
export class IndexEntries<Kind extends Entry> {
  readonly #byId = new Map<string, Kind>()

  /** False when the id is another row's already. */
  add(entry: Kind): boolean {
    if (this.#byId.has(entry.id)) return false
    this.#byId.set(entry.id, entry)
    return true
  }

  find(id: string): Kind | null {
    return this.#byId.get(id) ?? null
  }

  /** The entry of a row that was added. @throws RowProblem when another row has its id. */
  require(field: string, id: string, line: number): Kind {
    const entry = this.#byId.get(id)
    if (entry?.line === line) return entry
    throw new RowProblem({
      field,
      value: id,
      why: `is the id of line ${entry?.line ?? '?'} too, which counts`,
      wayOut: 'leave one row of each id',
    })
  }

  refuse(id: string): void {
    const entry = this.#byId.get(id)
    if (entry !== undefined) entry.isRefused = true
  }

  /** The ids of those that fit. */
  *ids(fits: (entry: Kind) => boolean): Generator<string, void, void> {
    for (const entry of this.#byId.values()) if (fits(entry)) yield entry.id
  }
}
