import { transferSchema, type Transfer } from '@subnetkit/core'

import { column } from '../codecs/column.ts'
import { rowCodec, type RowCodec } from '../codecs/row-codec.ts'
import type { PageKey } from '../query/read-page.ts'
import { snapshotKeyColumns } from './key-columns.ts'

/** `miner_raw_transfers`, ReplacingMergeTree keyed by transfer id. */
export const transferRow: RowCodec<Transfer> = rowCodec({
  table: 'miner_raw_transfers',
  engine: 'ReplacingMergeTree',
  schema: transferSchema,
  columns: {
    ...snapshotKeyColumns,
    transferId: column.string(),
    blockTimestamp: column.dateTime64(),
    fromAddress: column.string(),
    toAddress: column.string(),
    assetSymbol: column.lowCardinality(),
    amount: column.decimal(38, 18),
    amountUsd: column.decimal(38, 18),
  },
})

/** The total order of transfers: time, from, to, amount, transfer id. */
export const transferOrder: readonly PageKey<Transfer>[] = [
  { field: 'blockTimestamp', column: 'block_timestamp', type: "DateTime64(3, 'UTC')" },
  { field: 'fromAddress', column: 'from_address', type: 'String' },
  { field: 'toAddress', column: 'to_address', type: 'String' },
  { field: 'amount', column: 'amount', type: 'Decimal(38, 18)' },
  { field: 'transferId', column: 'transfer_id', type: 'String', byCodeUnit: true },
]
