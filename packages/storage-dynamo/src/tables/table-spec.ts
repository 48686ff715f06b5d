import { showValue, StorageError } from '@subnetkit/core'

/** A key attribute: its name, and whether it holds text, a number or bytes. */
export interface KeyAttribute {
  readonly name: string
  readonly type: 'S' | 'N' | 'B'
}

/** A global secondary index. Reads from it are eventual; declare one only for a query pattern that needs it. */
export interface IndexSpec {
  readonly name: string
  readonly partitionKey: KeyAttribute
  readonly sortKey: KeyAttribute | null
  /** What a read from the index gives: everything, the keys, or the keys and the attributes named. */
  readonly projection: 'ALL' | 'KEYS_ONLY' | readonly string[]
}

/** One table, as a constant: what `reconcileTables` makes and what every request is built from. */
export interface TableSpec {
  /** Without the prefix; snake_case. */
  readonly name: string
  readonly partitionKey: KeyAttribute
  readonly sortKey: KeyAttribute | null
  readonly indexes: readonly IndexSpec[]
  /**
   * The attribute with whole seconds since 1970 after which an item counts as gone, or null when items stay. Reads
   * hide expired items at once; the engine removes them later where it can, and `sweepExpired` where it cannot.
   */
  readonly expiryAttribute: string | null
}

const NAME = /^[a-z][a-z0-9_]{0,99}$/
const ATTRIBUTE = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/
const INDEX_NAME = /^[a-z][a-z0-9-]{2,99}$/

/** Checks a table's description and freezes it. @throws StorageError `invalid_input` that names what is wrong. */
export function defineTable(spec: TableSpec): TableSpec {
  check(NAME.test(spec.name), 'table name', spec.name)
  checkKeys(spec)
  if (spec.expiryAttribute !== null)
    check(ATTRIBUTE.test(spec.expiryAttribute), 'attribute', spec.expiryAttribute)
  for (const index of spec.indexes) {
    check(INDEX_NAME.test(index.name), 'index name', index.name)
    checkKeys(index)
  }
  const indexNames = new Set(spec.indexes.map((index) => index.name))
  check(indexNames.size === spec.indexes.length, 'index names must differ in', spec.name)
  return Object.freeze({ ...spec, indexes: Object.freeze([...spec.indexes]) })
}

/** The name of a table in DynamoDB: `<prefix>_<name>`. */
export function tableName(tablePrefix: string, spec: Pick<TableSpec, 'name'>): string {
  return `${tablePrefix}_${spec.name}`
}

/** The names of the attributes that make up an item's key. */
export function keyNames(spec: Pick<TableSpec, 'partitionKey' | 'sortKey'>): readonly string[] {
  return spec.sortKey === null ? [spec.partitionKey.name] : [spec.partitionKey.name, spec.sortKey.name]
}

function checkKeys(spec: Pick<TableSpec, 'partitionKey' | 'sortKey'>): void {
  for (const name of keyNames(spec)) check(ATTRIBUTE.test(name), 'attribute', name)
  check(
    new Set(keyNames(spec)).size === keyNames(spec).length,
    'the two key attributes must differ:',
    keyNames(spec),
  )
}

function check(holds: boolean, what: string, value: unknown): void {
  if (holds) return
  throw new StorageError({ code: 'invalid_input', message: `table spec: bad ${what} ${showValue(value)}` })
}
