import {
  isStorageError,
  type CallOptions,
  type Page,
  type PageParams,
  type StorageError,
  type StoredRow,
  type TableReader,
} from '@subnetkit/core'

import { firstDifference, type RowDifference } from './row-difference.ts'

/** One table in both stores. */
export interface ComparedTable<Row extends object, Key> {
  readonly table: string
  readonly decided: TableReader<Row, Key>
  readonly copied: TableReader<Row, Key>
  readonly idOf: (key: Key) => string
  /** Keys at once: what memory holds is twice as many rows. */
  readonly batch: number
  /** Puts rows into the copy as they were read after the stamp. */
  readonly copy: (rows: readonly Row[], stamp: bigint) => Promise<unknown>
  /**
   * Puts a row that only the copy has where it is decided, and gives what stands there then; null for tables whose rows
   * may come from an import: there it is no difference.
   */
  readonly bringBack: ((row: Row) => Promise<Row>) | null
}

/** How a comparison is done. */
export interface CompareControl {
  readonly isRepairing: boolean
  /** A mark of this moment; throws when the lock is lost. */
  readonly stamp: () => bigint
  /** Copies what is on its way, so that nothing counts as a difference that is only late. */
  readonly drain: () => Promise<void>
  readonly onDifference: (difference: RowDifference) => void
  readonly onCompared: (rows: number) => void
}

/** How one table compares. */
export interface TableComparison {
  readonly table: string
  /** Rows that are decided. */
  readonly rows: number
  readonly missing: number
  readonly different: number
  readonly onlyInRecord: number
  readonly unreadable: number
  readonly repaired: number
}

type Counts = Record<Exclude<keyof TableComparison, 'table'>, number>

/** `row` is null when it cannot be read where it is decided. */
interface Difference<Row, Key> extends Pick<RowDifference, 'field' | 'decided' | 'copied'> {
  readonly key: Key
  readonly row: Row | null
  readonly kind: 'missing' | 'different' | 'unreadable'
}

/** Compares a table row by row, page by page, first from where it is decided, then from the copy. */
export async function compareTable<Row extends object, Key>(
  compared: ComparedTable<Row, Key>,
  control: CompareControl,
  options: CallOptions,
): Promise<TableComparison> {
  const { table, decided, copied, batch, bringBack } = compared
  const counts: Counts = { rows: 0, missing: 0, different: 0, onlyInRecord: 0, unreadable: 0, repaired: 0 }
  for await (const keys of pagesOf((page) => decided.listKeys(page, options), batch)) {
    await comparePage(compared, control, keys, counts, options)
    counts.rows += keys.length
    control.onCompared(keys.length)
  }
  if (bringBack === null) return { table, ...counts }
  for await (const keys of pagesOf((page) => copied.listKeys(page, options), batch)) {
    const stored = await decided.findMany({ keys }, options)
    const strangers = keys.filter((_key, index) => stored[index]?.kind === 'absent')
    await compareStrangers({ ...compared, bringBack }, control, strangers, counts, options)
  }
  return { table, ...counts }
}

async function comparePage<Row extends object, Key>(
  compared: ComparedTable<Row, Key>,
  control: CompareControl,
  keys: readonly Key[],
  counts: Counts,
  options: CallOptions,
): Promise<void> {
  const { table, idOf, copy } = compared
  const { isRepairing, onDifference } = control
  const isWhole = (await differencesOf(compared, keys, options)).length === 0
  if (isWhole) return
  await control.drain()
  const stamp = control.stamp()
  const differences = await differencesOf(compared, keys, options)
  const repairable = differences.flatMap((found) => (found.row === null ? [] : [found.row]))
  if (isRepairing && repairable.length > 0) await copy(repairable, stamp)
  const left = isRepairing ? await differencesOf(compared, keys, options) : differences
  const unrepaired = new Set(left.map(({ key }) => idOf(key)))
  for (const { key, row: _row, ...difference } of differences) {
    const id = idOf(key)
    counts[difference.kind] += 1
    if (!unrepaired.has(id)) counts.repaired += 1
    onDifference({ table, id, ...difference })
  }
}

async function differencesOf<Row extends object, Key>(
  { decided, copied }: ComparedTable<Row, Key>,
  keys: readonly Key[],
  options: CallOptions,
): Promise<readonly Difference<Row, Key>[]> {
  const [wanted, found] = await Promise.all([
    decided.findMany({ keys }, options),
    copied.findMany({ keys }, options),
  ])
  return keys.flatMap((key, index) => {
    const difference = differenceOf(wanted[index], found[index])
    return difference === null ? [] : [{ key, ...difference }]
  })
}

function differenceOf<Row extends object, Key>(
  wanted: StoredRow<Row> | undefined,
  found: StoredRow<Row> | undefined,
): Omit<Difference<Row, Key>, 'key'> | null {
  if (wanted === undefined || wanted.kind === 'absent' || found === undefined) return null
  if (wanted.kind === 'unreadable') {
    return { row: null, kind: 'unreadable', field: null, decided: wanted.problem, copied: null }
  }
  const { row } = wanted
  if (found.kind === 'absent') return { row, kind: 'missing', field: null, decided: 'there', copied: null }
  if (found.kind === 'unreadable') {
    return { row, kind: 'unreadable', field: null, decided: null, copied: found.problem }
  }
  const difference = firstDifference(row, found.row)
  return difference === null ? null : { row, kind: 'different', ...difference }
}

/** Rows that only the copy has. */
async function compareStrangers<Row extends object, Key>(
  compared: ComparedTable<Row, Key> & { readonly bringBack: (row: Row) => Promise<Row> },
  control: CompareControl,
  keys: readonly Key[],
  counts: Counts,
  options: CallOptions,
): Promise<void> {
  if (keys.length === 0) return
  const { table, copied, idOf, bringBack } = compared
  const rows = await copied.findMany({ keys }, options)
  for (const [index, key] of keys.entries()) {
    const found = rows[index]
    if (found?.kind !== 'row') continue
    const difference = { table, id: idOf(key), field: null, decided: null, copied: 'there' }
    counts.onlyInRecord += 1
    control.onDifference({ ...difference, kind: 'only_in_record' })
    if (!control.isRepairing) continue
    const refusal = await refusalOf(bringBack, found.row)
    if (refusal === null) counts.repaired += 1
    else control.onDifference({ ...difference, ...refusal, kind: 'conflict' })
  }
}

/** Null when the row stands now as it was brought; a conflict is told and never forced. */
async function refusalOf<Row extends object>(
  bringBack: (row: Row) => Promise<Row>,
  row: Row,
): Promise<Pick<RowDifference, 'field' | 'decided' | 'copied'> | null> {
  try {
    return firstDifference(await bringBack(row), row)
  } catch (error) {
    if (!isRefusal(error)) throw error
    return { field: null, decided: error.message, copied: 'there' }
  }
}

async function* pagesOf<Key>(
  list: (page: PageParams) => Promise<Page<Key>>,
  limit: number,
): AsyncGenerator<readonly Key[], void, void> {
  let cursor: string | null = null
  do {
    const page: Page<Key> = await list({ limit, cursor })
    if (page.items.length > 0) yield page.items
    cursor = page.nextCursor
  } while (cursor !== null)
}

/** The registry says no to this row, and would say it again. */
function isRefusal(error: unknown): error is StorageError {
  return isStorageError(error) && ['conflict', 'not_found', 'invalid_input'].includes(error.code)
}
