import { StorageError, type CallOptions, type SnapshotKey, type TransferColumns } from '@subnetkit/core'

import type { ClickHouseConnection } from '../connection.ts'
import { orderByKeys } from '../query/read-page.ts'
import { from } from '../query/table-name.ts'
import { FINAL_SETTINGS, keyCondition, signalOf } from './key-condition.ts'
import { readCount } from './read-count.ts'
import { readFixedWidth } from './read-fixed-width.ts'
import { readTexts } from './read-texts.ts'
import { transferOrder, transferRow } from './transfer-rows.ts'

const WIDTH = 24
/** 2^63 − 1 millionths, rounded down to whole dollars. */
const MAX_DOLLARS = '9223372036854'

/**
 * All transfers of a snapshot as columns in natural order. The engine numbers the addresses (sorted; they are ASCII, so
 * bytes sort like code units) and sends 24 bytes a row. Amounts are rounded to millionths of a dollar, half away from
 * zero; one beyond 9.2e12 dollars does not fit and gives StorageError `invalid_input`.
 */
export async function readTransferColumns(
  connection: ClickHouseConnection,
  key: SnapshotKey,
  options?: CallOptions,
): Promise<TransferColumns> {
  const { where, params } = keyCondition(key)
  const transfers = `${from(connection, transferRow)} WHERE ${where}`
  const statement = { params, settings: FINAL_SETTINGS, ...signalOf(options) }
  const tooLarge = await readCount(connection, {
    ...statement,
    sql: `SELECT count() FROM ${transfers} AND abs(amount_usd) > toDecimal128('${MAX_DOLLARS}', 18)`,
  })
  if (tooLarge > 0) {
    throw new StorageError({
      code: 'invalid_input',
      message: `${tooLarge} transfers of snapshot ${key.snapshotId} exceed ${MAX_DOLLARS} dollars and do not fit a column of millionths`,
      details: { field: 'amountUsd', rows: tooLarge },
    })
  }
  const rows = await readCount(connection, { ...statement, sql: `SELECT count() FROM ${transfers}` })
  const distinct = `SELECT DISTINCT arrayJoin([from_address, to_address]) AS address FROM ${transfers}`
  const addresses = await readTexts(connection, { ...statement, sql: `${distinct} ORDER BY address` })
  const fromIds = new Uint32Array(rows)
  const toIds = new Uint32Array(rows)
  const amountMicroUsd = new BigInt64Array(rows)
  const timestampMs = new Float64Array(rows)
  const numbered = `SELECT address, toUInt32(row_number() OVER (ORDER BY address) - 1) AS id FROM (${distinct})`
  await readFixedWidth(connection, {
    ...statement,
    sql: `SELECT senders.id, recipients.id,
  toInt64(intDiv(reinterpret(round(amount_usd, 6), 'Int128'), toInt128(1000000000000))), toInt64(toUnixTimestamp64Milli(block_timestamp))
FROM (SELECT * FROM ${transfers}) AS transfers
INNER JOIN (${numbered}) AS senders ON senders.address = transfers.from_address
INNER JOIN (${numbered}) AS recipients ON recipients.address = transfers.to_address
ORDER BY ${orderByKeys(transferOrder)}`,
    width: WIDTH,
    rows,
    store(view, offset, row) {
      fromIds[row] = view.getUint32(offset, true)
      toIds[row] = view.getUint32(offset + 4, true)
      amountMicroUsd[row] = view.getBigInt64(offset + 8, true)
      timestampMs[row] = Number(view.getBigInt64(offset + 16, true))
    },
  })
  return { addresses, from: fromIds, to: toIds, amountMicroUsd, timestampMs }
}
