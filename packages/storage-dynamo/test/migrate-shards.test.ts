import { randomUUID } from 'node:crypto'

import type { CallOptions, Sample, SampleRepository } from '@subnetkit/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { DynamoConnection } from '../src/connect.ts'
import { createDynamoShardLedger } from '../src/migrate-r2/dynamo-shard-ledger.ts'
import type { RowFailure } from '../src/migrate-r2/import-shard.ts'
import {
  migrateShards,
  type MigrateShardsParams,
  type MigrationReport,
} from '../src/migrate-r2/migrate-shards.ts'
import { openS3ShardSource } from '../src/migrate-r2/s3-shard-source.ts'
import type { ShardSource } from '../src/migrate-r2/shard-source.ts'
import { createDynamoRepositories } from '../src/repositories.ts'
import { allTables } from '../src/tables/all-tables.ts'
import { engines } from './engine.ts'
import { openConnection, type TestConnection } from './open-connection.ts'
import { startShardBucket, type ShardBucket } from './shard-bucket.ts'

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'
const VALIDATOR = '5Validator'
const rules = {
  environments: null,
  renamed: new Map<string, string>(),
  skipWithoutTask: false,
  verifySignature: null,
  maxRowBytes: 1_000_000,
}

let bucket: ShardBucket
let open: TestConnection
let connection: DynamoConnection
let prefix = ''
let source: ShardSource
let samples: SampleRepository

beforeAll(async () => {
  bucket = await startShardBucket()
  const [dynalite] = engines
  if (dynalite === undefined) throw new Error('no engine')
  open = await openConnection(dynalite, allTables)
  connection = open.connection
  samples = createDynamoRepositories(connection).samples
})
afterAll(async () => {
  await open.close()
  await bucket[Symbol.asyncDispose]()
})

/** Every test has a folder of the bucket, and a miner's name, of its own. */
let miner = ''
beforeEach(async () => {
  prefix = `${randomUUID()}/results/`
  miner = `5${randomUUID().replaceAll('-', '')}`
  source = await openS3ShardSource({ ...bucket.source, prefix })
  return () => source.close()
})

function row(taskId: unknown, timestamp: number, change: object = {}): object {
  return {
    hotkey: VALIDATOR,
    miner: { uid: 7, hotkey: miner, model: 'org/model', revision: 'r1' },
    env: 'sat',
    score: 0.25,
    latency_seconds: 1.5,
    success: true,
    task_id: taskId,
    extra: { conversation: [{ role: 'user', content: `Task ${String(taskId)}` }] },
    timestamp,
    ...change,
  }
}

function shardKeyOf(window: number, validator = VALIDATOR): string {
  return `${prefix}${String(window).padStart(9, '0')}-${validator}.json`
}

const putShard = (window: number, rows: readonly object[], validator?: string): Promise<void> =>
  bucket.put(shardKeyOf(window, validator), JSON.stringify(rows))

let runs = 0
interface Run {
  readonly report: MigrationReport
  readonly failures: readonly RowFailure[]
}
async function migrate(change: Partial<MigrateShardsParams> = {}, options: CallOptions = {}): Promise<Run> {
  const failures: RowFailure[] = []
  const report = await migrateShards(
    {
      source,
      ledger: createDynamoShardLedger(connection),
      samples,
      rules,
      tailBlocks: null,
      currentBlock: null,
      maxResults: null,
      isDryRun: false,
      owner: 'test',
      token: `run-${(runs += 1)}`,
      now: () => new Date('2026-01-01T00:00:00Z'),
      onFailure: (failure) => failures.push(failure),
      ...change,
    },
    options,
  )
  return { report, failures }
}

async function stored(): Promise<readonly Sample[]> {
  const scope = { minerHotkey: miner, modelRevision: 'r1', environment: 'sat' }
  const found: Sample[] = []
  for await (const sample of samples.stream({ scope, fromGeneration: 0, toGeneration: 0 })) found.push(sample)
  return found
}

const storedIds = async (): Promise<readonly number[]> => (await stored()).map(({ taskId }) => taskId)

describe('migrateShards', () => {
  it('imports newest blocks first, each task once, and leaves the index alone', async () => {
    await putShard(100, [row(1, 1_000, { score: 0.1 }), row(2, 1_000)])
    await putShard(120, [row(1, 2_000, { score: 0.5 }), row(1, 2_001, { score: 0.75 })])
    await putShard(120, [row(3, 2_000)], '5Other')
    await bucket.put(`${prefix}index.json`, '["not", "a", "shard"]')
    const { report, failures } = await migrate()
    expect(failures).toStrictEqual([])
    expect(report).toMatchObject({
      rows: 5,
      stored: 3,
      present: 2,
      failed: 0,
      shardsWanted: 3,
      shardsImported: 3,
      newestWindow: 120,
      oldestWindow: 100,
    })
    expect(
      (await stored()).map(({ taskId, score, blockNumber }) => [taskId, score, blockNumber]),
    ).toStrictEqual([
      [1, 0.75, 120],
      [2, 0.25, 100],
      [3, 0.25, 120],
    ])
    const scope = { minerHotkey: miner, modelRevision: 'r1', environment: 'sat' }
    expect(await samples.listPresentTaskIds({ scope, fromGeneration: 0, toGeneration: 0 })).toStrictEqual([
      1, 2, 3,
    ])
    const conversation = await samples.findConversation({ key: { ...scope, generation: 0, taskId: 2 } })
    expect(conversation?.messages).toStrictEqual([{ role: 'user', content: 'Task 2' }])
  })

  it('passes over what is done, and takes a shard that has grown', async () => {
    await putShard(100, [row(1, 1_000)])
    await putShard(120, [row(2, 1_000)])
    await migrate()
    expect((await migrate()).report).toMatchObject({ shardsDoneBefore: 2, shardsImported: 0, rows: 0 })
    await putShard(100, [row(1, 1_000), row(5, 1_001)])
    expect((await migrate()).report).toMatchObject({
      shardsDoneBefore: 1,
      shardsImported: 1,
      stored: 1,
      present: 1,
    })
    expect(await storedIds()).toStrictEqual([1, 2, 5])
  })

  it('stores exactly as many as it may, the newest, and goes on from there', async () => {
    await putShard(
      100,
      Array.from({ length: 30 }, (_, id) => row(id, 1_000)),
    )
    await putShard(
      120,
      Array.from({ length: 30 }, (_, id) => row(id + 15, 2_000)),
    )
    const { report } = await migrate({ maxResults: 37, batchSize: 10 })
    expect(report).toMatchObject({ stored: 37, hitLimit: true })
    expect(await storedIds()).toHaveLength(37)
    expect((await migrate({ maxResults: 0 })).report).toMatchObject({ stored: 0, rows: 0 })
    expect((await migrate()).report).toMatchObject({ stored: 8, hitLimit: false, shardsDoneBefore: 1 })
    expect(await storedIds()).toHaveLength(45)
  })

  it('takes the tail before the current block', async () => {
    for (const window of [100, 120, 140, 160]) await putShard(window, [row(window, 1_000)])
    expect((await migrate({ tailBlocks: 40, isDryRun: true })).report.shardsWanted).toBe(2)
    const { report } = await migrate({ tailBlocks: 40, currentBlock: 150 })
    expect(report).toMatchObject({ newestWindow: 140, oldestWindow: 120 })
    expect(await storedIds()).toStrictEqual([120, 140])
  })

  it('says of a dry run what would happen, and stores nothing', async () => {
    await putShard(100, [row(1, 1_000), row('x', 1_000)])
    const { report, failures } = await migrate({ isDryRun: true })
    expect(report).toMatchObject({ rows: 2, stored: 1, failed: 1 })
    expect(failures).toHaveLength(1)
    expect(await storedIds()).toStrictEqual([])
    expect((await migrate()).report.shardsDoneBefore).toBe(0)
  })

  it('lists rows and shards that do not fit, stores the rest, and tries them again', async () => {
    await bucket.put(shardKeyOf(100), `[${JSON.stringify(row(1, 1_000))}, {"half": `)
    await putShard(120, [
      row(2, 1_000, { score: 'high' }),
      row(3, 1_000),
      row(null, 1_000),
      row(4, 1, { env: 'a b' }),
    ])
    await bucket.put(shardKeyOf(140), '<html>')
    const { report, failures } = await migrate()
    expect(await storedIds()).toStrictEqual([1, 3])
    expect(report).toMatchObject({ failed: 5, stored: 2 })
    expect(failures.map(({ shard, row: place }) => [shard, place])).toStrictEqual([
      [shardKeyOf(140), null],
      [shardKeyOf(120), 0],
      [shardKeyOf(120), 2],
      [shardKeyOf(120), 3],
      [shardKeyOf(100), null],
    ])
    expect(failures[1]?.reason).toContain('score')
    expect((await migrate()).report).toMatchObject({ failed: 5, shardsDoneBefore: 0, stored: 0, present: 2 })
    await putShard(100, [row(1, 1_000), row(9, 1_000)])
    expect((await migrate()).report).toMatchObject({ failed: 4, stored: 1 })
  })

  it('leaves out what is not wanted without calling it failed', async () => {
    await putShard(100, [row(1, 1_000), row(2, 1_000, { env: 'abd' }), row('none', 1_000)])
    const wanted = { ...rules, environments: new Set(['sat']), skipWithoutTask: true }
    expect((await migrate({ rules: wanted })).report).toMatchObject({ stored: 1, skipped: 2, failed: 0 })
  })

  it('gives environments their new names', async () => {
    await putShard(100, [row(1, 1_000, { env: 'affine:sat' }), row(2, 1_000, { env: 'sat' })])
    await migrate({ rules: { ...rules, renamed: new Map([['affine:sat', 'sat']]) } })
    expect(await storedIds()).toStrictEqual([1, 2])
  })

  it('refuses rows whose signature does not hold', async () => {
    const asked: string[] = []
    const verifySignature: MigrateShardsParams['rules']['verifySignature'] = ({
      hotkey,
      message,
      signatureHex,
    }) => {
      asked.push(message)
      return hotkey === VALIDATOR && signatureHex === 'ab'
    }
    await putShard(100, [
      row(1, 1_000, { signature: '0xAB' }),
      row(2, 1_000, { signature: 'cd' }),
      row(3, 1_000),
    ])
    const { report, failures } = await migrate({ rules: { ...rules, verifySignature } })
    expect(report).toMatchObject({ stored: 1, failed: 2 })
    expect(failures[0]?.reason).toContain('signature')
    expect(asked[0]).toMatch(/^sat:\{"hotkey": .*\}:0\.250000:1\.500000:1000:\{"conversation"/)
  })

  it.each([0, 1, 2, 3])('loses and doubles nothing when it is cut off at batch %d', async (at) => {
    await putShard(
      100,
      Array.from({ length: 12 }, (_, id) => row(id, 1_000)),
    )
    await putShard(
      120,
      Array.from({ length: 12 }, (_, id) => row(id + 6, 2_000)),
    )
    let batches = 0
    const cut: MigrateShardsParams['samples'] = {
      putBatch: async (params) => {
        const result = batches % 2 === 0 ? await samples.putBatch(params) : null
        if (batches === at || result === null) throw new Error('cut off')
        batches += 2
        return result
      },
    }
    await migrate({ samples: cut, batchSize: 5 }).catch((error: unknown) => {
      expect(error).toMatchObject({ message: 'cut off' })
    })
    const { report } = await migrate()
    expect(report).toMatchObject({ failed: 0, shardsTaken: 0 })
    expect((await stored()).map(({ taskId, blockNumber }) => [taskId, blockNumber])).toStrictEqual(
      Array.from({ length: 18 }, (_, id) => [id, id < 6 ? 100 : 120]),
    )
  })

  it('takes over a shard whose import died, once its lease is over, and not before', async () => {
    await putShard(100, [row(1, 1_000)])
    const ledger = createDynamoShardLedger(connection)
    for await (const shard of source.list()) {
      const dead = {
        source: source.name,
        shard,
        owner: 'dead',
        token: 'dead',
        now: new Date('2026-01-01T00:00:00Z'),
      }
      expect(await ledger.take({ ...dead, leaseMs: 60_000 })).toBe('taken_by_us')
    }
    expect((await migrate()).report).toMatchObject({ shardsTaken: 1, stored: 0 })
    const later = { now: () => new Date('2026-01-01T00:01:00Z') }
    expect((await migrate(later)).report).toMatchObject({ shardsTaken: 0, stored: 1 })
  })

  it('lists buckets of more than one page', async () => {
    // The soak fills the largest page that there is.
    const paging = isSoak ? { shards: 1_001, pageSize: 1_000 } : { shards: 25, pageSize: 12 }
    const { shards, pageSize } = paging
    await Promise.all(Array.from({ length: shards }, (_, window) => putShard(window, [])))
    const paged = await openS3ShardSource({ ...bucket.source, prefix, pageSize })
    const { report } = await migrate({ source: paged, isDryRun: true }).finally(() => paged.close())
    expect(report).toMatchObject({ shardsWanted: shards, newestWindow: shards - 1 })
  })

  it.each([0, 1.5, 1_001])('refuses pages of %d objects', async (pageSize) => {
    await expect(openS3ShardSource({ ...bucket.source, prefix, pageSize })).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining('pageSize'),
    })
  })

  it('says what cannot be read', async () => {
    await using nowhere = await openS3ShardSource({
      ...bucket.source,
      bucket: 'no-such-bucket',
      prefix,
    }).then((opened) => ({ opened, [Symbol.asyncDispose]: () => opened.close() }))
    await expect(migrate({ source: nowhere.opened })).rejects.toMatchObject({
      name: 'StorageError',
      message: expect.stringContaining('no-such-bucket'),
    })
  })

  it('stops when it is told to', async () => {
    await putShard(100, [row(1, 1_000)])
    const reason = new Error('enough')
    await expect(migrate({}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })
})
