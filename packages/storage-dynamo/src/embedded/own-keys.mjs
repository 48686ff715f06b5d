import { Readable } from 'node:stream'

import { keyRange } from './key-range.mjs'

/** @import { Done, DynaliteFunctions, DynaliteStore, OpenLevel } from './dynalite-store.ts' */

/**
 * Makes what lists or removes tables read their own keys only. dynalite walks through its whole store for every page of
 * table names, and again for the items, the tags and each index of a table that it removes, so that removing a few empty
 * tables takes minutes when others are large.
 *
 * @param {DynaliteFunctions} db dynalite's functions; stores made from now on read so
 */
export function useOwnKeys(db) {
  const { create } = db
  db.create = (options) => {
    const store = create(options)
    store.tableDb.createKeyStream = () => Readable.from(namesOf(store.db))
    store.deleteItemDb = (table, done) => clear(store, `item-${table}~`, done)
    store.deleteTagDb = (table, done) => clear(store, `tag-${table}~`, done)
    store.deleteIndexDb = (kind, table, index, done) =>
      clear(store, `index-${kind.toLowerCase()}~${table}~${index}~`, done)
    return store
  }
}

/** @param {OpenLevel} level */
async function* namesOf(level) {
  const prefix = 'table~'
  for await (const key of level.keys(keyRange(prefix))) yield key.slice(prefix.length)
}

/** @param {DynaliteStore} store @param {string} prefix @param {Done<void>} done */
function clear(store, prefix, done) {
  // Tracked like dynalite's own writes, so that its end waits for it.
  store.lifecycleManager.trackOperation(store.db.clear(keyRange(prefix))).then(
    () => setImmediate(done, null),
    (error) => setImmediate(done, error),
  )
}
