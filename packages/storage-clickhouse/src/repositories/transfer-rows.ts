import { transferSchema, type Transfer } from '@subnetkit/core'

import { column } from '../codecs/column.ts'
import { rowCodec, type RowCodec } from '../codecs/row-codec.ts'
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
