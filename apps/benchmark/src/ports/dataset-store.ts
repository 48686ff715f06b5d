/** Which dataset of a contest. */
export interface DatasetKey {
  /** Seed of the contest; the dataset's own seed is derived from it, network, date and window. */
  readonly contestSeed: string
  readonly network: string
  /** End (exclusive) of the window. */
  readonly processingDate: string
  readonly windowDays: number
  readonly transfers: number
}

/** A dataset that lies on this machine, checked. */
export interface ReadyDataset {
  /** What a submission sees, and nothing else: tables and META.json without seed or truth. */
  readonly snapshotFolder: string
  readonly truthFolder: string
  /** SHA-256 of the snapshot's META.json. */
  readonly sha256: string
  readonly accounts: number
  readonly transfers: number
}

/** Datasets of contests: made on demand, once, and kept until they are removed. */
export interface DatasetStore {
  ensure(params: Readonly<DatasetKey & { signal: AbortSignal }>): Promise<ReadyDataset>
  remove(params: Readonly<DatasetKey>): Promise<void>
}
