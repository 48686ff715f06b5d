import { ask, indexEntry } from './whole-index-keys.mjs'

/** @import { AttributeDefinition, Done, DynaliteFunctions, DynaliteIndex, DynaliteStore, DynaliteTable, IndexWrite, UpdateTableRequest } from './dynalite-store.ts' */

/** Index entries that go to the store in one write. */
const CHUNK = 500

/**
 * Adds indexes to a table of dynalite's store that exists, and fills them from its items. The definition is written
 * last: a kill before it leaves entries that nobody reads and the next call clears, one after it a whole index. Nobody
 * else may use the store meanwhile.
 *
 * @param {DynaliteStore} store dynalite's own
 * @param {DynaliteFunctions} db dynalite's functions on items and keys
 * @param {UpdateTableRequest} request an UpdateTable with `Create` updates, checked by dynalite
 */
export async function addIndexes(store, db, request) {
  const name = request.TableName
  const table = await ask(
    /** @param {Done<DynaliteTable>} done */ (done) => store.getTable(name, false, done),
  )
  const updates = request.GlobalSecondaryIndexUpdates ?? []
  const wanted = updates.flatMap((update) => (update.Create === undefined ? [] : [update.Create]))
  if (wanted.length < updates.length) {
    throw db.validationError('The embedded engine adds indexes only, and nothing else in the same request')
  }
  if (table.TableStatus !== 'ACTIVE') throw inUse(name)
  const indexes = wanted.map((index) => definitionOf(index, store, name))
  const attributes = mergeAttributes(table.AttributeDefinitions, request.AttributeDefinitions ?? [])
  checkIndexes(db, table, indexes, attributes)
  const grown = {
    ...table,
    AttributeDefinitions: attributes,
    GlobalSecondaryIndexes: [...(table.GlobalSecondaryIndexes ?? []), ...indexes],
  }
  for (const index of indexes) {
    await ask((done) => store.deleteIndexDb('Global', name, index.IndexName, done))
    await fillIndex(store, db, grown, index)
  }
  await ask((done) => store.tableDb.put(name, grown, done))
  return { TableDescription: grown }
}

/** @param {DynaliteStore} store @param {DynaliteFunctions} db @param {DynaliteTable} table @param {DynaliteIndex} index */
async function fillIndex(store, db, table, index) {
  const indexDb = store.getIndexDb('Global', table.TableName, index.IndexName)
  /** @type {IndexWrite[]} */
  let entries = []
  for await (const item of store.getItemDb(table.TableName).createValueStream()) {
    const entry = indexEntry(db, table, index, item)
    if (entry !== null) entries.push({ type: 'put', ...entry })
    if (entries.length >= CHUNK) {
      const full = entries
      entries = []
      await ask((done) => indexDb.batch(full, done))
    }
  }
  if (entries.length > 0) await ask((done) => indexDb.batch(entries, done))
}

/** @param {DynaliteIndex} wanted @param {DynaliteStore} store @param {string} table */
function definitionOf(wanted, store, table) {
  const { awsRegion, awsAccountId } = store.tableDb
  return {
    IndexName: wanted.IndexName,
    KeySchema: wanted.KeySchema,
    Projection: wanted.Projection,
    IndexArn: `arn:aws:dynamodb:${awsRegion}:${awsAccountId}:table/${table}/index/${wanted.IndexName}`,
    IndexSizeBytes: 0,
    ItemCount: 0,
    IndexStatus: 'ACTIVE',
    ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0, NumberOfDecreasesToday: 0 },
  }
}

/** @param {readonly AttributeDefinition[]} known @param {readonly AttributeDefinition[]} added */
function mergeAttributes(known, added) {
  const merged = new Map(known.map((one) => [one.AttributeName, one]))
  for (const one of added) if (!merged.has(one.AttributeName)) merged.set(one.AttributeName, one)
  return [...merged.values()]
}

/** @param {DynaliteFunctions} db @param {DynaliteTable} table @param {readonly DynaliteIndex[]} indexes @param {readonly AttributeDefinition[]} attributes */
function checkIndexes(db, table, indexes, attributes) {
  const known = new Set((table.GlobalSecondaryIndexes ?? []).map((index) => index.IndexName))
  const typed = new Set(attributes.map((one) => one.AttributeName))
  for (const index of indexes) {
    if (known.has(index.IndexName)) {
      throw db.validationError(`Attempting to create an index which already exists: ${index.IndexName}`)
    }
    const untyped = index.KeySchema.find((key) => !typed.has(key.AttributeName))
    if (untyped !== undefined) {
      throw db.validationError(`AttributeDefinitions lacks the index key ${untyped.AttributeName}`)
    }
  }
}

/** @param {string} name */
function inUse(name) {
  const body = {
    __type: 'com.amazonaws.dynamodb.v20120810#ResourceInUseException',
    message: `Attempt to change a resource which is still in use: Table: ${name}`,
  }
  return Object.assign(new Error(body.message), { statusCode: 400, body })
}
