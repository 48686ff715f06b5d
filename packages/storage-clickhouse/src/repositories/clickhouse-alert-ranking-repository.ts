import type { AlertRanking, AlertRankingRepository, BatchKey } from '@subnetkit/core'

import { alertRankingOrder, alertRankingRow } from './alert-ranking-rows.ts'
import { createKeyedRows, type RepositoryContext } from './keyed-rows.ts'

/** Alert rankings in `miner_alert_rankings`. */
export function createClickHouseAlertRankingRepository(context: RepositoryContext): AlertRankingRepository {
  return createKeyedRows<AlertRanking, BatchKey>(context, {
    codec: alertRankingRow,
    order: alertRankingOrder,
  })
}
