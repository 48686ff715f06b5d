import type { AddressLabel, AddressLabelRepository, SnapshotKey } from '@subnetkit/core'

import { addressLabelOrder, addressLabelRow } from './address-label-rows.ts'
import { createKeyedRows, type RepositoryContext } from './keyed-rows.ts'

/** Address labels in `miner_raw_address_labels`. */
export function createClickHouseAddressLabelRepository(context: RepositoryContext): AddressLabelRepository {
  return createKeyedRows<AddressLabel, SnapshotKey>(context, {
    codec: addressLabelRow,
    order: addressLabelOrder,
  })
}
