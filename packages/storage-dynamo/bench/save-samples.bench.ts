import { createHash } from 'node:crypto'

import { sampleIdOf, type PutSampleParams, type Sample } from '@subnetkit/core'
import { buildPutSample } from '@subnetkit/core/contracts'
import { Entity } from 'electrodb'
import { expect, it } from 'vitest'

import { packConversation } from '../src/conversations/conversation-payload.ts'
import {
  allTables,
  batchWrite,
  DynamoSampleRepository,
  reconcileTables,
  sampleResultsTable,
  tableName,
  toConversationContent,
  type DynamoConnection,
  type Item,
} from '../src/index.ts'
import { sampleItem } from '../src/repositories/sample-items.ts'
import { engines, freshTables } from '../test/engine.ts'
import { benchConnection, recording, type BenchConnection, type RecordedCall } from './bench-connection.ts'
import { interleaveCpu, type CpuContender, type CpuMeasurement } from './interleave-cpu.ts'

const SAMPLES = Number(process.env['BENCH_SAMPLES'] ?? 1000)
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 7)
const CONCURRENCY = 8

/** Samples of one round, with a kilobyte of conversation that hardly packs: what is measured is the store. */
function samplesOf(contender: string, round: number): readonly PutSampleParams[] {
  return Array.from({ length: SAMPLES }, (_, taskId) => {
    const noise = createHash('shake256', { outputLength: 512 }).update(`${taskId}`).digest('hex')
    return buildPutSample(
      { minerHotkey: `${contender}${round}`, taskId, score: (taskId * 7919) / 1e7 },
      noise,
    )
  })
}

async function inParallel<T>(members: readonly T[], work: (member: T) => Promise<unknown>): Promise<void> {
  const queue = members.values()
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      for (const member of queue) await work(member)
    }),
  )
}

async function packAll(samples: readonly PutSampleParams[]): Promise<void> {
  await inParallel(samples, async ({ conversation }) =>
    packConversation({ content: toConversationContent(conversation), general: null, prompt: null }),
  )
}

/** What our repository sends for these samples, to be sent again by another. */
async function record(
  tablePrefix: string,
  save: (connection: DynamoConnection) => Promise<unknown>,
): Promise<readonly RecordedCall[]> {
  const calls: RecordedCall[] = []
  await using memory = benchConnection(null, tablePrefix)
  await save(recording(memory.connection, calls))
  return calls
}

/** Without learning, whose one-time cost belongs to compression. */
function repositoryOver(connection: DynamoConnection): DynamoSampleRepository {
  return new DynamoSampleRepository(connection, { learnAfter: null })
}

const saveOneByOne = (connection: DynamoConnection, samples: readonly PutSampleParams[]): Promise<void> => {
  const repository = repositoryOver(connection)
  return inParallel(samples, (sample) => repository.put(sample))
}

const saveBatch = (connection: DynamoConnection, samples: readonly PutSampleParams[]): Promise<unknown> =>
  repositoryOver(connection).putBatch({ samples })

/** Every attribute that we store, as electrodb wants it said. */
function electroSamples(bench: BenchConnection, table: string) {
  const text = { type: 'string' } as const
  const number = { type: 'number' } as const
  return new Entity(
    {
      model: { entity: 'sample', version: '1', service: 'bench' },
      attributes: {
        minerHotkey: text,
        modelRevision: text,
        environment: text,
        generation: number,
        taskId: number,
        uid: number,
        modelName: text,
        modelHash: text,
        subset: text,
        datasetIndex: number,
        score: text,
        success: { type: 'boolean' },
        latencyMs: number,
        takenAt: text,
        validatorHotkey: text,
        blockNumber: number,
        signature: text,
        sampleId: text,
        conversationSha256: text,
        conversationBytes: number,
      },
      indexes: {
        primary: {
          pk: { field: 'pk', composite: ['minerHotkey', 'modelRevision', 'environment'] },
          sk: { field: 'sk', composite: ['generation', 'taskId'] },
        },
      },
    },
    { client: bench.plain, table },
  )
}

function modelsOf(contender: string, round: number): readonly Sample[] {
  return samplesOf(contender, round).map(({ sample }) => {
    const conversationSha256 = createHash('sha256').update(`${sample.taskId}`).digest('hex')
    const sampleId = sampleIdOf({ key: sample, conversationSha256 })
    return { ...sample, sampleId, conversationSha256, conversationBytes: 1000 }
  })
}

function contendersOf(bench: BenchConnection): Record<'puts' | 'batches' | 'items', readonly CpuContender[]> {
  const { connection, plain } = bench
  const { tablePrefix } = connection
  let calls: readonly RecordedCall[] = []
  let samples: readonly PutSampleParams[] = []
  let models: readonly Sample[] = []
  let ready: readonly Item[] = []
  const take = (name: string) => (round: number) => {
    samples = samplesOf(name, round)
  }
  const packing: CpuContender = {
    name: 'of ours: hashing and packing the conversations',
    prepare: take('pack'),
    run: () => packAll(samples),
  }
  const table = tableName(tablePrefix, sampleResultsTable)
  const electro = electroSamples(bench, table)
  return {
    puts: [
      {
        name: 'plain document client, the same calls',
        prepare: async (round) => {
          calls = await record(tablePrefix, (over) => saveOneByOne(over, samplesOf('plainput', round)))
        },
        run: () => inParallel(calls, (call) => call.run(plain)),
      },
      { name: 'samples.put', prepare: take('ourput'), run: () => saveOneByOne(connection, samples) },
      packing,
    ],
    batches: [
      {
        name: 'plain document client, the same calls',
        prepare: async (round) => {
          calls = await record(tablePrefix, (over) => saveBatch(over, samplesOf('plainbatch', round)))
        },
        run: async () => {
          for (const call of calls) await call.run(plain)
        },
      },
      {
        name: 'samples.putBatch',
        prepare: take('ourbatch'),
        run: async () => {
          await saveBatch(connection, samples)
        },
      },
      packing,
    ],
    items: [
      {
        name: 'plain document client, BatchWriteItem of ready items',
        prepare: (round) => {
          ready = modelsOf('plainitems', round).map((model) => sampleItem.encode(model))
        },
        run: async () => {
          for (let from = 0; from < ready.length; from += 25) {
            const requests = ready.slice(from, from + 25).map((Item) => ({ PutRequest: { Item } }))
            await plain.batchWrite({ RequestItems: { [table]: requests } })
          }
        },
      },
      {
        name: 'codec and batchWrite',
        prepare: (round) => {
          models = modelsOf('ouritems', round)
        },
        run: () => {
          const writes = models.map((model) => ({ table: sampleResultsTable, put: sampleItem.encode(model) }))
          return batchWrite({ connection, writes })
        },
      },
      {
        name: 'electrodb',
        prepare: (round) => {
          models = modelsOf('electro', round)
        },
        run: async () => {
          const items = models.map((model) => ({
            ...model,
            uid: model.uid ?? 0,
            signature: model.signature ?? '',
            score: String(model.score),
            takenAt: model.takenAt.toISOString(),
          }))
          const { unprocessed } = await electro.put(items).go({ concurrent: CONCURRENCY })
          expect(unprocessed).toHaveLength(0)
        },
      },
    ],
  }
}

function format(title: string, measurements: readonly CpuMeasurement[]): string {
  const [base] = measurements
  const lines = measurements.map(({ name, median, min, max, clockMs }) => {
    const per = (ms: number): string => ((ms * 1000) / SAMPLES).toFixed(0)
    const ratio = base === undefined ? Number.NaN : median / base.median
    return `| ${name} | ${per(median)} (${per(min)}–${per(max)}) | ${ratio.toFixed(2)} | ${((SAMPLES / clockMs) * 1000).toFixed(0)} |`
  })
  return [
    `${title}: ${SAMPLES} samples, ${ROUNDS} rounds`,
    '',
    '| Way | CPU ms per 1,000, median (min–max) | ÷ first | per second |',
    '|---|---|---|---|',
    ...lines,
    '',
  ].join('\n')
}

function report(title: string, measurements: readonly CpuMeasurement[]): void {
  expect(measurements.every(({ median }) => median > 0)).toBe(true)
  const [plain, ours, packing] = measurements
  let text = format(title, measurements)
  if (plain !== undefined && ours !== undefined && packing?.name.startsWith('of ours') === true) {
    text += `ours without packing ÷ plain: ${((ours.median - packing.median) / plain.median).toFixed(3)}\n`
  }
  process.stdout.write(`\n${text}\n`)
}

async function expectMeasured(where: string, bench: BenchConnection): Promise<void> {
  const contenders = contendersOf(bench)
  report(`One by one, ${where}`, await interleaveCpu(contenders.puts, ROUNDS))
  report(`In batches, ${where}`, await interleaveCpu(contenders.batches, ROUNDS))
  report(`Sample items alone, ${where}`, await interleaveCpu(contenders.items, ROUNDS))
}

it('in memory', async () => {
  await using bench = benchConnection(null, 'bench')
  await expectMeasured('answered at once', bench)
})

it.each(engines.filter(({ isRunning }) => isRunning))('on $name', async (engine) => {
  await using tables = freshTables(engine)
  await using bench = benchConnection(engine.endpoint, tables.tablePrefix)
  await reconcileTables({ connection: bench.connection, tables: allTables })
  await expectMeasured(`on ${engine.name}`, bench)
})
