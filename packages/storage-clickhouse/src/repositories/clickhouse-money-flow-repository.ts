import type { MoneyFlow, MoneyFlowRepository, SnapshotKey } from '@subnetkit/core'

import { moneyFlowOrder, moneyFlowRow } from './money-flow-rows.ts'
import { createKeyedRows, type RepositoryContext } from './keyed-rows.ts'

/** Money flows in `miner_raw_money_flows`. */
export function createClickHouseMoneyFlowRepository(context: RepositoryContext): MoneyFlowRepository {
  return createKeyedRows<MoneyFlow, SnapshotKey>(context, {
    codec: moneyFlowRow,
    order: moneyFlowOrder,
  })
}
