import type { BenchmarkSubmissionContext, TaskControl, TaskQueue } from '@subnetkit/core'

import type { BenchmarkDeps } from '../../benchmark-deps.ts'
import type { PreparedSubmission } from '../submissions/prepare-submission.ts'

/** Clones, scans and builds a submission, unless its image is there. Throws only for the machine's own failures. */
export type PrepareSubmission = (
  submission: BenchmarkSubmissionContext,
  control: TaskControl,
) => Promise<PreparedSubmission>

/** What steps that only write the control database work with. */
export type RecordDeps = Pick<BenchmarkDeps, 'repositories' | 'locks' | 'clock' | 'databasePrefix'>

/** What steps that build and run submissions work with besides. */
export interface ContestDeps extends RecordDeps {
  /** Knows the task `benchmark-run`. */
  readonly queue: TaskQueue
  readonly prepare: PrepareSubmission
}
