import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

import { addIndexes } from './add-indexes.mjs'
import { useOwnKeys } from './own-keys.mjs'
import { createTurns } from './turns.mjs'
import { useWholeIndexKeys } from './whole-index-keys.mjs'

/** @import { Done, DynaliteAction, DynaliteFunctions, UpdateTableRequest } from './dynalite-store.ts' */

/**
 * Loads dynalite with what it lacks and we need: index entries that never overwrite each other, tables listed and
 * removed without reading all others, and adding an index to a table that exists (its own UpdateTable says yes and does
 * nothing). While an index is filled, every other request waits its turn, so that no write can slip past it.
 *
 * @param {string} path dynalite's main file
 * @returns {(options: object) => import('node:http').Server} the function that dynalite exports
 */
export function loadDynalite(path) {
  const load = createRequire(path)
  const folder = join(dirname(path), 'actions')
  const actions = readdirSync(folder).map((file) => join(folder, file))
  const updateTable = join(folder, 'updateTable.js')
  /** @type {DynaliteFunctions} */
  const db = load('./db')
  useWholeIndexKeys(db)
  useOwnKeys(db)
  const turns = createTurns()
  // Some actions call others: all are loaded as they are before the first is wrapped, so that only the outer one waits.
  /** @type {Map<string, DynaliteAction>} */
  const originals = new Map(actions.map((file) => [file, load(file)]))
  for (const [file, run] of originals) {
    replace(load, file, (store, request, done) => {
      const isIndexing = file === updateTable && asksForIndex(request)
      turns.take({
        isAlone: isIndexing,
        start: () => {
          const end = endOnce(turns, done)
          if (!isIndexing) run(store, request, end)
          else
            addIndexes(store, db, request).then(
              (output) => end(null, output),
              (error) => end(error),
            )
        },
      })
    })
  }
  const { types } = load('./validations/updateTable')
  const definitions = load('./validations/createTable').types.AttributeDefinitions
  types.AttributeDefinitions = { ...definitions, notNull: false }
  delete types.GlobalSecondaryIndexUpdates.children.children.Create.children.ProvisionedThroughput.notNull
  return load(path)
}

/** @param {NodeJS.Require} load @param {string} file @param {DynaliteAction} action */
function replace(load, file, action) {
  const loaded = load.cache[load.resolve(file)]
  if (loaded === undefined) throw new Error(`dynalite keeps ${file} elsewhere than this version expects`)
  loaded.exports = action
}

/** @param {UpdateTableRequest} request */
function asksForIndex(request) {
  return (request.GlobalSecondaryIndexUpdates ?? []).some((update) => update.Create !== undefined)
}

/**
 * @param {{ end: () => void }} turns
 * @param {Done<unknown>} done
 * @returns {Done<unknown>}
 */

function endOnce(turns, done) {
  let isDone = false
  return (error, value) => {
    if (!isDone) turns.end()
    isDone = true
    done(error, value)
  }
}
