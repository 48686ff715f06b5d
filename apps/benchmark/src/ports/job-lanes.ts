import type { JobHandler, TaskQueue } from '@subnetkit/core'

/**
 * Where jobs wait. `runs` of submissions take turns with each other; `days` are made of runs and wait for them, so that
 * they must never take the places that runs need.
 */
export type LaneName = 'runs' | 'days'

/** What is done for each task, and in which lane. */
export type JobKinds = Readonly<Record<string, Readonly<{ lane: LaneName; handle: JobHandler }>>>

/** A job that failed for good, after the tries that its task allows itself. */
export interface DeadJob {
  readonly jobId: string
  readonly task: string
  readonly context: unknown
  /** The error's message. */
  readonly reason: string
  readonly failedAt: Date
}

/**
 * A queue whose dead jobs can be looked at and put back. `drain` waits for the jobs that were added through this object;
 * with Redis others may have added more.
 */
export interface JobLane extends TaskQueue {
  /** The dead that died last come first. */
  listDead(params: Readonly<{ limit: number }>): Promise<readonly DeadJob[]>
  /** Puts a dead job back; false when there is none of that id. */
  retryDead(params: Readonly<{ jobId: string }>): Promise<boolean>
}

/** All lanes. */
export interface JobLanes extends AsyncDisposable {
  /** True when other processes work at the same jobs, and jobs outlive this process. */
  readonly isShared: boolean
  readonly runs: JobLane
  readonly days: JobLane
  /** Takes no more work and resolves when what runs here has ended. */
  close(): Promise<void>
}
