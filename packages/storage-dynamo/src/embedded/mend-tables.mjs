import { keyRange } from './key-range.mjs'

/** @import { DynaliteTable } from './dynalite-store.ts' */

/**
 * @typedef {object} OpenStore
 * @property {(range: { gte: string, lt: string }) => AsyncIterable<[string, string]>} iterator
 * @property {(range: { gte: string, lt: string }) => Promise<void>} clear
 * @property {(key: string, text: string) => Promise<void>} put
 * @property {(key: string) => Promise<void>} del
 */

/**
 * Finishes what a kill of the engine cut off: dynalite marks a table as being made, changed or removed, and clears the
 * mark a moment later; nobody would clear it after a kill, and the table could be neither used nor removed. A table
 * that was being removed goes, with all of its items.
 *
 * @param {OpenStore} level the open store, which nobody else uses
 */
export async function mendTables(level) {
  for await (const [key, text] of level.iterator(keyRange('table~'))) {
    /** @type {DynaliteTable} */
    const table = JSON.parse(text)
    if (table.TableStatus === 'DELETING') {
      const name = table.TableName
      for (const prefix of [
        `item-${name}~`,
        `tag-${name}~`,
        `index-global~${name}~`,
        `index-local~${name}~`,
      ]) {
        await level.clear(keyRange(prefix))
      }
      await level.del(key)
    } else if (table.TableStatus !== 'ACTIVE') {
      await level.put(key, JSON.stringify(markActive(table)))
    }
  }
}

/** @param {DynaliteTable} table */
function markActive(table) {
  const indexes = table.GlobalSecondaryIndexes?.map((index) => ({ ...index, IndexStatus: 'ACTIVE' }))
  return {
    ...table,
    TableStatus: 'ACTIVE',
    ...(indexes === undefined ? {} : { GlobalSecondaryIndexes: indexes }),
  }
}
