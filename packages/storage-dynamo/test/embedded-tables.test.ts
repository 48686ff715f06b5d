import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, it } from 'vitest'

import { untilGone } from '../../core/test/spawn-typescript.ts'
import { startEmbeddedDynamo, type EmbeddedDynamo } from '../src/embedded/start-embedded-dynamo.ts'
import {
  batchWrite,
  connectDynamo,
  defineTable,
  deleteItem,
  listTables,
  putItem,
  reconcileTables,
  streamItems,
  type DynamoConnection,
  type Item,
} from '../src/index.ts'
import { waitUntilGone } from '../src/tables/wait-for-table.ts'
import { collect } from './collect.ts'

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'
const ITEMS = isSoak ? 5_000 : 500
const KILLS = isSoak ? 25 : 4
const MINERS = 5

const plain = defineTable({
  name: 'samples',
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: { name: 'sk', type: 'N' },
  indexes: [],
  expiryAttribute: null,
})
const byMiner = {
  name: 'by-miner',
  partitionKey: { name: 'miner', type: 'S' },
  sortKey: null,
  projection: 'ALL',
} as const
const grown = defineTable({ ...plain, indexes: [byMiner] })

let root: string
let seen: Set<number>
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'subnetkit-grow-test-'))
  seen = new Set()
})
afterEach(async () => {
  for (const pid of seen) await untilGone(pid, 20_000)
  await rm(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
})

async function start(): Promise<EmbeddedDynamo> {
  const engine = await startEmbeddedDynamo({ folder: root, lingerMs: 0 })
  seen.add(engine.pid)
  return engine
}

const connect = (engine: EmbeddedDynamo): DynamoConnection =>
  connectDynamo({ endpoint: engine.endpoint, tablePrefix: 't', maxAttempts: 1 })

const inTable = (connection: DynamoConnection, pk: string): Promise<readonly Item[]> =>
  collect(streamItems({ connection, table: plain, partition: pk, pageSize: 1_000 }))

const inIndex = async (connection: DynamoConnection): Promise<number> => {
  let found = 0
  for (let miner = 0; miner < MINERS; miner += 1) {
    const query = { connection, table: grown, index: byMiner, partition: `m${miner}`, pageSize: 1_000 }
    found += (await collect(streamItems(query))).length
  }
  return found
}

it('adds an index, killed at any moment, without losing an item', { timeout: 240_000 }, async () => {
  const items = Array.from({ length: ITEMS }, (_, sk) => ({ pk: 'p', sk, miner: `m${sk % MINERS}` }))
  const engine = await start()
  const connection = connect(engine)
  await reconcileTables({ connection, tables: [plain] })
  await batchWrite({ connection, writes: items.map((put) => ({ table: plain, put })) })
  await connection.close()
  await engine.close()

  let cut = 0
  for (let kill = 0; kill < KILLS; kill += 1) {
    const killed = await start()
    const doomed = connect(killed)
    const lost = once(killed.lost, 'abort')
    const growth = reconcileTables({ connection: doomed, tables: [grown] }).then(
      () => 'whole',
      () => 'cut',
    )
    setTimeout(() => process.kill(killed.pid, 'SIGKILL'), 5 + kill * (isSoak ? 15 : 25))
    if ((await growth) === 'cut') cut += 1
    await lost
    await doomed.close()
  }
  expect(cut).toBeGreaterThan(0)

  await using last = await start()
  const survivor = connect(last)
  await reconcileTables({ connection: survivor, tables: [grown] })
  expect(await inTable(survivor, 'p')).toHaveLength(ITEMS)
  expect(await inIndex(survivor)).toBe(ITEMS)
  await survivor.close()
})

/** Marks a table as a kill would leave it: in the store itself, while no engine has it open. */
function markTable(name: string, status: string): void {
  const level = createRequire(createRequire(import.meta.url).resolve('dynalite')).resolve('level')
  const script = `const { Level } = require(${JSON.stringify(level)})
    const store = new Level(${JSON.stringify(join(root, 'dynamo', 'data'))}, { valueEncoding: 'json' })
    const key = 'table~${name}'
    store.get(key).then((table) => store.put(key, { ...table, TableStatus: '${status}' })).then(() => store.close())`
  expect(spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' })).toMatchObject({
    status: 0,
    stderr: '',
  })
}

it.each([
  ['CREATING', true],
  ['UPDATING', true],
  ['DELETING', false],
] as const)('mends a table that a kill left %s', async (status, isKept) => {
  const other = defineTable({ ...grown, name: 'samples_other' })
  const engine = await start()
  const connection = connect(engine)
  await reconcileTables({ connection, tables: [grown, other] })
  for (const table of [grown, other]) {
    await putItem({ connection, table, item: { pk: 'p', sk: 1, miner: 'm0' } })
  }
  await connection.close()
  await engine.close()
  await untilGone(engine.pid, 20_000)
  markTable('t_samples', status)

  await using mended = await start()
  const survivor = connect(mended)
  const [report] = await reconcileTables({ connection: survivor, tables: [grown] })
  expect(report?.action).toBe(isKept ? 'unchanged' : 'created')
  expect(await inTable(survivor, 'p')).toHaveLength(isKept ? 1 : 0)
  expect(await inIndex(survivor)).toBe(isKept ? 1 : 0)
  const query = { connection: survivor, table: other, partition: 'p', pageSize: 10 }
  expect(await collect(streamItems(query))).toHaveLength(1)
  await survivor.close()
})

it('removes a table with its items and index entries, and nothing of one whose name begins alike', async () => {
  const other = defineTable({ ...grown, name: 'samples_other' })
  await using engine = await start()
  const connection = connect(engine)
  const tables = [grown, other]
  await reconcileTables({ connection, tables })
  for (const table of tables) await putItem({ connection, table, item: { pk: 'p', sk: 1, miner: 'm0' } })
  await connection.tables.deleteTable({ TableName: 't_samples' })
  await waitUntilGone(connection, 't_samples')
  expect(await listTables({ connection, tables })).toStrictEqual({ known: ['t_samples_other'], unknown: [] })
  const query = { connection, table: other, pageSize: 10 }
  expect(await collect(streamItems({ ...query, partition: 'p' }))).toHaveLength(1)
  expect(await collect(streamItems({ ...query, index: byMiner, partition: 'm0' }))).toHaveLength(1)
  await reconcileTables({ connection, tables })
  expect([await inTable(connection, 'p'), await inIndex(connection)]).toStrictEqual([[], 0])
  await connection.close()
})

it('adds an index once for many that ask at once, and loses no write meanwhile', async () => {
  await using engine = await start()
  const connection = connect(engine)
  await reconcileTables({ connection, tables: [plain] })
  const itemOf = (sk: number): Item => ({ pk: 'p', sk, miner: `m${sk % MINERS}` })
  const there = Array.from({ length: 600 }, (_, sk) => ({ table: plain, put: itemOf(sk) }))
  await batchWrite({ connection, writes: there })
  let written = there.length
  const growth = new AbortController()
  const write = async (): Promise<void> => {
    while (!growth.signal.aborted) await putItem({ connection, table: plain, item: itemOf(written++) })
  }
  const writers = Array.from({ length: 8 }, write)
  await Promise.all(Array.from({ length: 3 }, () => reconcileTables({ connection, tables: [grown] })))
  growth.abort()
  await Promise.all(writers)
  expect(written).toBeGreaterThan(there.length)
  expect(await inIndex(connection)).toBe(written)
  await connection.close()
})

it.each([
  ['as they are written', grown],
  ['when it is added', plain],
])('keeps items in an index whose keys meet in 24 bits of a hash, %s', async (_name, first) => {
  await using engine = await start()
  const connection = connect(engine)
  await reconcileTables({ connection, tables: [first] })
  // dynalite by itself has one entry for each of these two pairs.
  for (const [sk, miner] of [
    [3784, 'm4'],
    [3369, 'm4'],
    [4373, 'm3'],
    [3733, 'm3'],
  ] as const) {
    await putItem({ connection, table: first, item: { pk: 'p', sk, miner } })
  }
  await reconcileTables({ connection, tables: [grown] })
  expect(await inIndex(connection)).toBe(4)
  await deleteItem({ connection, table: grown, key: { pk: 'p', sk: 3784 } })
  await putItem({ connection, table: grown, item: { pk: 'p', sk: 4373, miner: 'm2' } })
  const paged = { connection, table: grown, index: byMiner, pageSize: 1 }
  const keysOf = async (partition: string): Promise<readonly string[]> =>
    (await collect(streamItems({ ...paged, partition }))).map((item) => String(item['sk']))
  expect([await keysOf('m4'), await keysOf('m3'), await keysOf('m2')]).toStrictEqual([
    ['3369'],
    ['3733'],
    ['4373'],
  ])
  await connection.close()
})

it('lists 101 tables, which is more than a page', async () => {
  await using engine = await start()
  const connection = connect(engine)
  const tables = Array.from({ length: 101 }, (_, index) => defineTable({ ...plain, name: `t${index}` }))
  for (let from = 0; from < tables.length; from += 20) {
    await Promise.all(
      tables.slice(from, from + 20).map((table) => reconcileTables({ connection, tables: [table] })),
    )
  }
  const { known, unknown } = await listTables({ connection, tables })
  expect(new Set(known).size).toBe(101)
  expect(unknown).toStrictEqual([])
  await connection.close()
})
