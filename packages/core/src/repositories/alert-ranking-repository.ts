import type { AlertRanking } from '../models/alert-ranking.ts'
import type { BatchKey } from '../models/day-key.ts'
import type { KeyedRowsRepository } from './keyed-rows-repository.ts'

/** Alert rankings of a batch; natural order: rank ascending. */
export type AlertRankingRepository = KeyedRowsRepository<AlertRanking, BatchKey>
