import type { SnapshotKey } from '../models/day-key.ts'
import type { MoneyFlow } from '../models/money-flow.ts'
import type { KeyedRowsRepository } from './keyed-rows-repository.ts'

/** Money flows of a snapshot; natural order: from address, then to address, by code unit. */
export type MoneyFlowRepository = KeyedRowsRepository<MoneyFlow, SnapshotKey>
