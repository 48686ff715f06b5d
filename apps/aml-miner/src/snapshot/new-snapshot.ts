import type { Snapshot, SnapshotKey, SnapshotKind } from '@subnetkit/core'

/** What is known of a snapshot before its first row is stored. */
export interface NewSnapshotParams {
  readonly key: SnapshotKey
  readonly kind: SnapshotKind
  readonly source: string
  readonly sourceSnapshotId: string | null
  readonly producerVersion: string
  readonly now: Date
}

/** A snapshot that begins to load: no counts, no hash. */
export function newSnapshot({ now, key, ...rest }: NewSnapshotParams): Snapshot {
  return {
    ...key,
    ...rest,
    status: 'LOADING',
    inputsHash: null,
    countAlerts: 0,
    countFeatures: 0,
    countClusters: 0,
    countMoneyFlows: 0,
    countAddressLabels: 0,
    countTransfers: 0,
    errorMessage: '',
    updatedAt: now,
  }
}
