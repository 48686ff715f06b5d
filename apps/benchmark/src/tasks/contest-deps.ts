import type { TaskControl, TaskQueue } from '@subnetkit/core'

import type { BenchmarkDeps } from '../benchmark-deps.ts'

/** Which commit of whose submission. */
export interface PinnedSubmission {
  readonly imageType: 'analytics' | 'ml'
  readonly hotkey: string
  readonly repository: string
  readonly commit: string
}

/** Whether an image stands ready; the reason is a sentence for the miner. */
export type Preparation =
  | { readonly isReady: true; readonly image: string }
  | { readonly isReady: false; readonly step: string; readonly reason: string }

/** Clones, scans and builds a submission, unless its image is there. Throws only for the machine's own failures. */
export type PrepareSubmission = (submission: PinnedSubmission, control: TaskControl) => Promise<Preparation>

/** What steps that only write the control database work with. */
export type RecordDeps = Pick<BenchmarkDeps, 'repositories' | 'locks' | 'clock' | 'databasePrefix'>

/** What steps that build and run submissions work with besides. */
export interface ContestDeps extends RecordDeps, Pick<BenchmarkDeps, 'standalone'> {
  /** Knows the task `benchmark-run`. */
  readonly queue: TaskQueue
  readonly prepare: PrepareSubmission
}
