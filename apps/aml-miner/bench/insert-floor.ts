import { createReadStream } from 'node:fs'

import {
  connectClickHouse,
  readConnectionParams,
  startEmbeddedClickHouse,
} from '@subnetkit/storage-clickhouse'

/**
 * The engine's own time for the same file: one INSERT into a table of the same columns, without staging, checks and
 * keys. Milliseconds, the best of three.
 */
export async function measureInsertFloor(dataDir: string, network: string, file: string): Promise<number> {
  await using connection = await connectClickHouse({
    params: readConnectionParams({}, { network, prefix: 'miner' }),
    startEmbedded: async (options) => await startEmbeddedClickHouse({ folder: dataDir, ...options }),
  })
  const table = `${connection.database}.bench_floor`
  const columns =
    'tx_id String, block_timestamp UInt64, from_address String, to_address String, asset_symbol String, amount String, amount_usd String'
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < 3; round++) {
    await connection.command({ sql: `DROP TABLE IF EXISTS ${table} SYNC` })
    await connection.command({
      sql: `CREATE TABLE ${table} (transfer_id String, block_timestamp DateTime64(3, 'UTC'), from_address String, to_address String, asset_symbol LowCardinality(String), amount Decimal(38, 18), amount_usd Decimal(38, 18)) ENGINE = MergeTree ORDER BY transfer_id`,
    })
    const start = performance.now()
    await connection.insert({
      sql: `INSERT INTO ${table} SELECT tx_id, fromUnixTimestamp64Milli(toInt64(block_timestamp)), from_address, to_address, asset_symbol, toDecimal128(amount, 18), toDecimal128(amount_usd, 18) FROM input('${columns}') FORMAT Parquet`,
      body: createReadStream(file),
    })
    best = Math.min(best, performance.now() - start)
  }
  await connection.command({ sql: `DROP TABLE IF EXISTS ${table} SYNC` })
  return best
}
