import type { ClusterScore } from '../models/cluster-score.ts'
import type { BatchKey } from '../models/day-key.ts'
import type { KeyedRowsRepository } from './keyed-rows-repository.ts'

/** Cluster scores of a batch; natural order: score descending, then cluster id by code unit. */
export type ClusterScoreRepository = KeyedRowsRepository<ClusterScore, BatchKey>
