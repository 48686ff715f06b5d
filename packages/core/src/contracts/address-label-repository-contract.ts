import type { AddressLabel } from '../models/address-label.ts'
import type { SnapshotKey } from '../models/day-key.ts'
import type { AddressLabelRepository } from '../repositories/address-label-repository.ts'
import {
  keyedRowsRepositoryContract,
  type RepositoryContractOptions,
} from './keyed-rows-repository-contract.ts'
import { buildAddressLabel, buildSnapshotKey } from './miner-row-builders.ts'
import { compareCodeUnits, nastyTexts } from './nasty-values.ts'

function nastyLabels(key: SnapshotKey): readonly AddressLabel[] {
  return nastyTexts
    .map((label, index) =>
      buildAddressLabel(key, 0, {
        label,
        source: label,
        riskLevel: (['low', 'medium', 'high', 'critical'] as const)[index % 4] ?? 'low',
        confidenceScore: index / nastyTexts.length,
      }),
    )
    .toSorted((a, b) => compareCodeUnits(a.label, b.label))
}

/** Everything that an implementation of {@link AddressLabelRepository} must hold, on a real engine. */
export function addressLabelRepositoryContract(
  options: RepositoryContractOptions<AddressLabelRepository>,
): void {
  keyedRowsRepositoryContract<AddressLabel, SnapshotKey>(
    {
      name: 'address labels',
      newKey: buildSnapshotKey,
      build: buildAddressLabel,
      change: (label) => ({ ...label, riskLevel: 'critical', trustLevel: 'blacklisted' }),
      nasty: nastyLabels,
    },
    options,
  )
}
