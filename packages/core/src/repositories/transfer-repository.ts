import type { SnapshotKey } from '../models/day-key.ts'
import type { Decimal, UtcDate } from '../models/scalars.ts'
import type { Transfer, TransferColumns } from '../models/transfer.ts'
import type { CallOptions } from './call-options.ts'
import type { KeyedRowsRepository } from './keyed-rows-repository.ts'

/** Transfers and their volume on one UTC day. */
export interface DailyVolume {
  readonly date: UtcDate
  readonly transfers: number
  readonly volumeUsd: Decimal
}

/** Transfers of a snapshot; natural order: time, from, to, amount, transfer id. */
export interface TransferRepository extends KeyedRowsRepository<Transfer, SnapshotKey> {
  /** All transfers of the snapshot as columns in natural order: about 28 bytes a row, plus the addresses. */
  readColumns(params: Readonly<{ key: SnapshotKey }>, options?: CallOptions): Promise<TransferColumns>
  /** Volume per day, days ascending, days without transfers left out. */
  listDailyVolumes(
    params: Readonly<{ key: SnapshotKey }>,
    options?: CallOptions,
  ): Promise<readonly DailyVolume[]>
}
