import { setMaxListeners } from 'node:events'

import { createClock, silentLogger } from '@subnetkit/core'
import {
  allTables,
  connectDynamo,
  createDynamoRepositories,
  reconcileTables,
} from '@subnetkit/storage-dynamo'

import { boundedRun } from '../src/sampling/bounded-run.ts'
import { environmentSettingsSchema } from '../src/sampling/environment-settings.ts'
import { readMiners } from '../src/sampling/sampled-miners.ts'
import { Scheduler } from '../src/sampling/scheduler.ts'
import { countReads } from '../test/fixtures/counting-calls.ts'
import { startTestEngine } from '../test/fixtures/sampling-store.ts'
import { hotkeyOf, registrationOf } from '../test/fixtures/sampling-subnet.ts'

// What a pass reads when most samples are there: the goal is at most two items for each present or queued key.

const isFull = !process.argv.includes('--small')
const [miners, environments, tasks] = isFull ? [256, 7, 1_000] : [16, 3, 1_000]
const OPEN = 5
const IDS_PER_ITEM = 256
const BATCH = 25

const names = Array.from({ length: environments }, (_, index) => `env${index}`)
const hotkeys = Array.from({ length: miners }, (_, index) => hotkeyOf(index))
/** All but the last twenty tasks of each scope are present. */
const present = tasks - 20

await using engine = await startTestEngine()
const tablePrefix = 'bench'
const connection = connectDynamo({ endpoint: engine.endpoint, tablePrefix })
await reconcileTables({ connection, tables: allTables })
const reads = { requests: 0, items: 0 }
const repositories = createDynamoRepositories({
  ...connection,
  documents: countReads(reads)(connection.documents),
})

console.log(`preparing ${miners} miners × ${environments} environments × ${tasks} tasks …`)
const now = new Date()
for (const hotkey of hotkeys) await repositories.miners.put({ registration: registrationOf(hotkey), now })
const marks = hotkeys.flatMap((hotkey) =>
  names.flatMap((name) =>
    Array.from({ length: Math.ceil(present / IDS_PER_ITEM) }, (_, bucket) => {
      const from = bucket * IDS_PER_ITEM
      const ids = Array.from({ length: Math.min(IDS_PER_ITEM, present - from) }, (__, index) => from + index)
      const sk = `REV#r1#ENV#${name}#GEN#000001#IDS#${String(bucket).padStart(10, '0')}`
      return { pk: `MINER#${hotkey}`, sk, ids: new Set(ids) }
    }),
  ),
)
const batches = Array.from({ length: Math.ceil(marks.length / BATCH) }, (_, index) =>
  marks.slice(index * BATCH, (index + 1) * BATCH).map((Item) => ({ PutRequest: { Item } })),
)
await boundedRun(batches, 4, async (batch) => {
  await connection.documents.batchWrite({ RequestItems: { [`${tablePrefix}_sample_presence`]: batch } })
})

const clock = createClock({ now: Date.now, monotonicMs: () => performance.now() })
const scheduler = new Scheduler({ repositories, clock, random: Math.random, log: silentLogger })
const { sampled } = await readMiners(repositories.miners, now)

const { signal } = new AbortController()
setMaxListeners(0, signal)

async function measure(what: string, maxOpenTasks: number, queued: number, to = tasks): Promise<void> {
  const settings = environmentSettingsSchema.parse({ samplingRange: [0, to], maxOpenTasks })
  Object.assign(reads, { requests: 0, items: 0 })
  const startMs = performance.now()
  const { created, complete } = await scheduler.pass({
    environments: names.map((name) => ({ name, settings })),
    miners: sampled,
    concurrency: 8,
    signal,
  })
  const keys = miners * environments * (Math.min(present, to) + queued)
  const seconds = ((performance.now() - startMs) / 1_000).toFixed(1)
  console.log(
    `${what}: ${reads.items} items in ${reads.requests} requests for ${keys} present and queued keys, ` +
      `ratio ${(reads.items / keys).toFixed(4)} (goal ≤ 2); ${created} tasks made, ${complete} scopes complete, ${seconds} s`,
  )
}

await measure('nothing queued, tasks are made', OPEN, 0)
await measure('the queue is full', OPEN, OPEN)
await measure('room for one more each', OPEN + 1, OPEN)
await measure('everything is present, first look', OPEN + 2, 0, present)
await measure('everything is present, remembered', OPEN + 2, 0, present)
await connection.close()
