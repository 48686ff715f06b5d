import { moneyFlowSchema, type MoneyFlow } from '@subnetkit/core'

import { column } from '../codecs/column.ts'
import { rowCodec, type RowCodec } from '../codecs/row-codec.ts'
import type { PageKey } from '../query/read-page.ts'
import { snapshotKeyColumns } from './key-columns.ts'

/** `miner_raw_money_flows`, ReplacingMergeTree keyed by sender and recipient. */
export const moneyFlowRow: RowCodec<MoneyFlow> = rowCodec({
  table: 'miner_raw_money_flows',
  engine: 'ReplacingMergeTree',
  schema: moneyFlowSchema,
  columns: {
    ...snapshotKeyColumns,
    fromAddress: column.string(),
    toAddress: column.string(),
    txCount: column.uint64Number(),
    amountUsdSum: column.decimal(76, 18),
    firstSeen: column.dateTime64(),
    lastSeen: column.dateTime64(),
  },
})

/** Natural order within a key: from address, then to address. */
export const moneyFlowOrder: readonly PageKey<MoneyFlow>[] = [
  { field: 'fromAddress', column: 'from_address', type: 'String' },
  { field: 'toAddress', column: 'to_address', type: 'String' },
]
