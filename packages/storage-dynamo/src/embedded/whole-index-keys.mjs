/** @import { Done, DynaliteFunctions, DynaliteIndex, DynaliteItem, DynaliteStore, DynaliteTable } from './dynalite-store.ts' */

/**
 * Makes the entries of an index end in the whole key of their item. dynalite ends them in 24 bits of its hash: of some
 * thousand items with one index key, two meet there sooner or later, and one of them is silently not in the index.
 *
 * @param {DynaliteFunctions} db dynalite's functions, which its actions look up at each call
 */
export function useWholeIndexKeys(db) {
  db.createIndexKey = (item, table, keySchema) =>
    db.createKey(item, table, keySchema) + db.createKey(item, table)
  db.updateIndexes = (store, table, before, after, end) => {
    updateIndexes({ db, store, table }, before ?? null, after ?? null).then(
      () => end(null),
      (error) => end(error),
    )
  }
}

/**
 * The entry of an item in an index, or null when it has none.
 *
 * @param {DynaliteFunctions} db
 * @param {DynaliteTable} table
 * @param {DynaliteIndex} index
 * @param {DynaliteItem | null} item
 */
export function indexEntry(db, table, index, item) {
  const types = new Map(table.AttributeDefinitions.map((one) => [one.AttributeName, one.AttributeType]))
  const keys = index.KeySchema.map((key) => key.AttributeName)
  // An item without the attributes, or with others than the index wants, is not in it.
  if (item === null || !keys.every((key) => item[key]?.[types.get(key) ?? ''] !== undefined)) return null
  const { ProjectionType: projection, NonKeyAttributes: others = [] } = index.Projection
  const names = new Set([...keys, ...table.KeySchema.map((key) => key.AttributeName), ...others])
  const value =
    projection === 'ALL' ? item : Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name)))
  return { key: db.createIndexKey(item, table, index.KeySchema), value }
}

/**
 * @param {{ db: DynaliteFunctions, store: DynaliteStore, table: DynaliteTable }} place
 * @param {DynaliteItem | null} before
 * @param {DynaliteItem | null} after
 */
async function updateIndexes({ db, store, table }, before, after) {
  for (const kind of /** @type {const} */ (['Local', 'Global'])) {
    for (const index of table[`${kind}SecondaryIndexes`] ?? []) {
      const old = indexEntry(db, table, index, before)
      const now = indexEntry(db, table, index, after)
      /** @type {import('./dynalite-store.ts').IndexWrite[]} */
      const writes = []
      if (old !== null && old.key !== now?.key) writes.push({ type: 'del', key: old.key })
      if (now !== null) writes.push({ type: 'put', ...now })
      if (writes.length > 0) {
        await ask((done) => store.getIndexDb(kind, table.TableName, index.IndexName).batch(writes, done))
      }
    }
  }
}

/**
 * Calls one of dynalite's functions that answer by a callback.
 *
 * @template Value
 * @param {(done: Done<Value>) => void} start
 * @returns {Promise<Value>}
 */
export function ask(start) {
  return new Promise((resolve, reject) => {
    start((error, value) => {
      if (error) reject(error)
      // Only answers that the caller uses have a value.
      else resolve(/** @type {Value} */ (value))
    })
  })
}
