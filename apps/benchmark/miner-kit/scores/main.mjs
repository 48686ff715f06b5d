// A submission of risk scores: how long a line of payments an account was part of, each handing on what the last brought.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'

const REST_MS = 48 * 3_600_000
const { INPUT_FOLDER = '/data/input', OUTPUT_FOLDER = '/data/output' } = process.env

const file = await asyncBufferFromFile(join(INPUT_FOLDER, 'transfers.parquet'))
const columns = ['block_timestamp', 'from_address', 'to_address', 'amount_usd']
const rows = await parquetReadObjects({ file, columns, compressors })
rows.sort((a, b) => Number(a.block_timestamp - b.block_timestamp))

/** What each account got of late, and the length of the line that it came by. */
const recent = new Map()
const longest = new Map()

for (const { block_timestamp: time, from_address: from, to_address: to, amount_usd: amount } of rows) {
  const ms = Number(time)
  const usd = Number(amount)
  const got = (recent.get(from) ?? []).filter((arrival) => arrival.ms >= ms - REST_MS)
  const passed = got.filter((arrival) => usd >= 0.9 * arrival.usd && usd <= 1.02 * arrival.usd)
  const length = 1 + Math.max(0, ...passed.map((arrival) => arrival.length))
  recent.set(from, got)
  recent.set(to, [...(recent.get(to) ?? []).slice(-50), { ms, usd, length }])
  for (const account of [from, to]) longest.set(account, Math.max(longest.get(account) ?? 1, length))
}

const lines = [...longest].map(([address, length]) =>
  JSON.stringify({ address, risk_score: Number((1 - 1 / length).toFixed(9)), model_version: 'lines-1' }),
)
writeFileSync(join(OUTPUT_FOLDER, 'scores.jsonl'), `${lines.join('\n')}\n`)
console.log(`${rows.length} transfers read, ${longest.size} accounts scored`)
