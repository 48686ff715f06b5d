import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'

const columns = ['tx_id', 'block_timestamp', 'from_address', 'to_address', 'amount_usd']

/**
 * All transfers of the day's window in the order of time; `ms` since 1970, dollars as numbers. The table comes as
 * Parquet or as JSON lines.
 */
export async function readTransfers(folder) {
  const parquet = join(folder, 'transfers.parquet')
  const rows = existsSync(parquet)
    ? await parquetReadObjects({ file: await asyncBufferFromFile(parquet), columns, compressors })
    : readFileSync(join(folder, 'transfers.jsonl'), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line))
  return rows
    .map((row) => ({
      id: row.tx_id,
      ms: Number(row.block_timestamp),
      from: row.from_address,
      to: row.to_address,
      usd: Number(row.amount_usd),
    }))
    .sort((a, b) => a.ms - b.ms || (a.id < b.id ? -1 : 1))
}

/** The transfers of each account, in the order of time, by the address at the given end: `from` or `to`. */
export function transfersBy(end, transfers) {
  const groups = new Map()
  for (const transfer of transfers) {
    const group = groups.get(transfer[end])
    if (group === undefined) groups.set(transfer[end], [transfer])
    else group.push(transfer)
  }
  return groups
}

const ONE_PAYMENT_MS = 6 * 3_600_000

/** Transfers of one pair that follow each other within hours as one payment: who cuts a sum up hides nothing. */
export function joinPayments(transfers) {
  const open = new Map()
  const payments = []
  for (const { id, ms, from, to, usd } of transfers) {
    const pair = `${from} ${to}`
    const last = open.get(pair)
    if (last !== undefined && ms - last.endMs <= ONE_PAYMENT_MS) {
      last.endMs = ms
      last.usd += usd
      last.ids.push(id)
      continue
    }
    const payment = { from, to, ms, endMs: ms, usd, ids: [id] }
    open.set(pair, payment)
    payments.push(payment)
  }
  return payments
}
