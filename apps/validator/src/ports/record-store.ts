import type { Repositories } from '@subnetkit/core'

/** The aggregates of the record. The registry of agents is the copy that analysis reads: nothing is decided on it. */
export type RecordRepositories = Pick<
  Repositories,
  | 'agentAnalyses'
  | 'agentRecords'
  | 'agentRows'
  | 'agents'
  | 'agentVersions'
  | 'chainSnapshots'
  | 'minerPerformances'
  | 'minerWeightTraces'
  | 'taskScores'
  | 'weightCycles'
  | 'weightsSnapshots'
>

/** What one table of the record takes up. */
export interface RecordTableSize {
  readonly table: string
  readonly rows: number
  /** On disk, compressed. */
  readonly bytes: number
}

/**
 * The analytical record, open and with its tables made: what was scored, which weights came of it, what the chain made of
 * them. Nothing is decided by it, so that nothing waits for it either.
 */
export interface RecordStore extends AsyncDisposable {
  readonly repositories: RecordRepositories
  /** Where it is, for a person. */
  readonly description: string
  /** Aborted when the embedded engine ended while it was in use. */
  readonly lost: AbortSignal
  /** Days (1–3650) after which traces and statistics run out. @throws InputError for days that cannot be. */
  setRetention(params: Readonly<{ days: number }>, options?: { readonly signal?: AbortSignal }): Promise<void>
  /** Every table of the record, by name. */
  tableSizes(options?: { readonly signal?: AbortSignal }): Promise<readonly RecordTableSize[]>
}
