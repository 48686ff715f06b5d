import type { Transfer } from '@subnetkit/core'

import type { PageKey } from '../query/read-page.ts'

/** The total order of transfers: time, from, to, amount, transfer id. */
export const transferOrder: readonly PageKey<Transfer>[] = [
  { field: 'blockTimestamp', column: 'block_timestamp', type: "DateTime64(3, 'UTC')" },
  { field: 'fromAddress', column: 'from_address', type: 'String' },
  { field: 'toAddress', column: 'to_address', type: 'String' },
  { field: 'amount', column: 'amount', type: 'Decimal(38, 18)' },
  { field: 'transferId', column: 'transfer_id', type: 'String', byCodeUnit: true },
]
