import type { AddressLabel } from '../models/address-label.ts'
import type { SnapshotKey } from '../models/day-key.ts'
import type { KeyedRowsRepository } from './keyed-rows-repository.ts'

/** Address labels of a snapshot; natural order: address, then label, by code unit. */
export type AddressLabelRepository = KeyedRowsRepository<AddressLabel, SnapshotKey>
