import { createClient } from '@clickhouse/client'
import { alertScoreSchema, batchKeySchema } from '@subnetkit/core'
import { expect, inject, it } from 'vitest'
import { z } from 'zod'

import { column, connectClickHouse, insertRows, readBlocks, rowCodec, WIRE_SETTINGS } from '../src/index.ts'
import { freshDatabase } from '../test/engine.ts'
import { formatTable, interleave } from './interleave.ts'

const ROWS = Number(process.env['BENCH_ROWS'] ?? 200_000)
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5)

/** Eight columns of an alert's score. */
const schema = z.strictObject({
  ...batchKeySchema.shape,
  alertId: alertScoreSchema.shape.alertId,
  score: alertScoreSchema.shape.score,
  modelVersion: alertScoreSchema.shape.modelVersion,
  latencyMs: alertScoreSchema.shape.latencyMs,
})
type Row = z.infer<typeof schema>

const codec = rowCodec({
  table: 'scores',
  engine: 'MergeTree',
  schema,
  columns: {
    network: column.lowCardinality(),
    processingDate: column.date(),
    windowDays: column.uint16(),
    batchId: column.lowCardinality(),
    alertId: column.string(),
    score: column.float64(),
    modelVersion: column.lowCardinality(),
    latencyMs: column.float64(),
  },
})

const DDL = `(network LowCardinality(String), processing_date Date, window_days UInt16, batch_id LowCardinality(String),
  alert_id String, score Float64, model_version LowCardinality(String), latency_ms Float64)`

function makeRows(): readonly Row[] {
  const processingDate = alertScoreSchema.shape.processingDate.parse('2025-08-01')
  return Array.from({ length: ROWS }, (_unused, index): Row => ({
    network: 'torus',
    processingDate,
    windowDays: 30,
    batchId: '0123456789abcdef0123456789abcdef',
    alertId: `alert_${(index * 2_654_435_761) % 4_294_967_296}_${index}`,
    score: ((index * 7_919) % 1_000_000_007) / 1_000_000_007,
    modelVersion: 'v1.0.0-3f2a9c',
    latencyMs: (index % 977) / 1_000,
  }))
}

it('alert scores: insert and read', async () => {
  const database = await freshDatabase(inject('clickHouseEngines')[0])
  const connection = await connectClickHouse({ url: database.url, database: database.database })
  const client = createClient({
    url: database.url,
    database: database.database,
    clickhouse_settings: WIRE_SETTINGS,
  })
  await connection.command({
    sql: `CREATE TABLE scores ${DDL} ENGINE = MergeTree PARTITION BY (network, toYYYYMM(processing_date)) ORDER BY (network, processing_date, window_days, batch_id, alert_id)`,
  })
  await connection.command({ sql: `CREATE TABLE source ${DDL} ENGINE = Memory` })
  const rows = makeRows()
  await insertRows(connection, { ...codec, table: 'source' }, rows)
  const plain = rows.map((row) => ({
    network: row.network,
    processing_date: row.processingDate,
    window_days: row.windowDays,
    batch_id: row.batchId,
    alert_id: row.alertId,
    score: row.score,
    model_version: row.modelVersion,
    latency_ms: row.latencyMs,
  }))
  const truncate = async (): Promise<void> =>
    void (await connection.command({ sql: 'TRUNCATE TABLE scores' }))
  const inserts = await interleave(
    [
      { name: '`insertRows` (validated)', run: async () => void (await insertRows(connection, codec, rows)) },
      {
        name: '`client.insert` of objects (unchecked)',
        run: async () =>
          void (await client.insert({ table: 'scores', values: plain, format: 'JSONEachRow' })),
      },
      {
        name: 'zod, then `client.insert` of objects',
        run: async () => {
          for (const row of rows) schema.parse(row)
          await client.insert({ table: 'scores', values: plain, format: 'JSONEachRow' })
        },
      },
      {
        name: 'ceiling: INSERT SELECT of the same rows',
        run: async () => void (await connection.command({ sql: 'INSERT INTO scores SELECT * FROM source' })),
      },
    ].map(({ name, run }) => ({ name, run: async () => (await truncate(), run()) })),
    ROUNDS,
  )
  const counted = { typed: 0, client: 0, parsed: 0 }
  const select = 'SELECT {columns} FROM {table}'
  const wire: string[] = []
  const lines = connection.read({ sql: `SELECT ${codec.columnList} FROM source FORMAT JSONCompactEachRow` })
  const decoder = new TextDecoder()
  for await (const chunk of lines) wire.push(decoder.decode(chunk, { stream: true }))
  const texts = wire.join('').trimEnd().split('\n')
  const block = texts.map((text): unknown => JSON.parse(text))
  const reads = await interleave(
    [
      {
        name: '`readBlocks`: streamed, typed, validated',
        run: async () => {
          counted.typed = 0
          for await (const part of readBlocks(connection, { ...codec, table: 'source' }, { sql: select }))
            counted.typed += part.length
        },
      },
      {
        name: '`client.query().json()`, unchecked',
        run: async () => {
          const result = await client.query({ query: 'SELECT * FROM source', format: 'JSONEachRow' })
          counted.client = (await result.json()).length
        },
      },
    ],
    ROUNDS,
  )
  const decodes = await interleave(
    [
      {
        name: '`JSON.parse` of each line, nothing else',
        run: async () => void texts.map((text): unknown => JSON.parse(text)),
      },
      {
        name: '`JSON.parse` of each line, then `codec.decode`',
        run: async () => {
          const out: Row[] = []
          codec.decode(
            texts.map((text): unknown => JSON.parse(text)),
            out,
          )
          counted.parsed = out.length
        },
      },
      { name: '`codec.decode` alone', run: async () => codec.decode(block, []) },
    ],
    ROUNDS,
  )
  expect(counted).toEqual({ typed: ROWS, client: ROWS, parsed: ROWS })
  const tables = [
    formatTable('Insert', ROWS, inserts),
    formatTable('Read from the server', ROWS, reads),
    formatTable('Decode in memory', ROWS, decodes),
  ]
  process.stdout.write(`\n${tables.join('\n\n')}\n\n`)
  await client.close()
  await connection.close()
  await database.close()
})
