import type { SampleKey, SampleScope } from '../models/sample.ts'
import type { ExecutionError, NewSamplingTask, SamplingTask } from '../models/sampling-task.ts'
import type { CallOptions } from './call-options.ts'
import type { Page, PageParams } from './page.ts'

/** A worker asks for work in one environment. */
export type ClaimTasksParams = Readonly<{
  environment: string
  /** Who works: a host and process, for people to read. */
  owner: string
  /** Becomes the lease's token; unique for each call. The same call again gives what it claimed before. */
  claimId: string
  /** Most tasks wanted, 1–100. */
  limit: number
  leaseMs: number
  now: Date
  /** Miners that are at their limit or paused: their tasks are left for later. */
  exceptMiners?: ReadonlySet<string>
}>

/** A change by the worker that holds the lease. */
export type LeasedTaskParams = Readonly<{ key: SampleKey; token: string; now: Date }>

/** What a sweep did. */
export type SweepTasksResult = Readonly<{
  /** Back-offs that are over: claimable again. */
  ready: number
  /** Leases that ran out: claimable again. */
  reclaimed: number
  /** Leases that ran out at the last attempt. */
  quarantined: number
}>

/** Tasks of an environment by where they stand. */
export type SamplingTaskCounts = Readonly<{
  claimable: number
  /** In back-off. */
  waiting: number
  claimed: number
  quarantined: number
}>

/**
 * The queue of samples to take. A task is one item; each change of state is one conditional write, so two workers
 * never hold the same task, and none is lost with a worker.
 */
export interface SamplingTaskRepository {
  /**
   * Makes those that are not there, whatever state those that are there have; completed ones count for 7 days. Only a
   * revoked one is made anew: its maker has a reason again, and the miner would go unasked for days.
   */
  create(
    params: Readonly<{ tasks: readonly NewSamplingTask[]; now: Date }>,
    options?: CallOptions,
  ): Promise<Readonly<{ created: number; present: number }>>
  /** In any state; finished and revoked ones for 7 days. */
  find(params: Readonly<{ key: SampleKey; now: Date }>, options?: CallOptions): Promise<SamplingTask | null>
  /**
   * Takes up to `limit` tasks under a lease: highest priority first, then lowest task id, so that miners take turns.
   * Fewer than `limit` does not mean that there are no more; an empty answer means that none was claimable. Eventual:
   * what became claimable a moment ago may still be missing. A call that failed or was aborted may hold tasks: the same
   * call gives them, else their leases run out.
   */
  claim(params: ClaimTasksParams, options?: CallOptions): Promise<readonly SamplingTask[]>
  /** @throws StorageError `conflict` when the lease is not this token's any more; `details.reason` says why. */
  heartbeat(
    params: LeasedTaskParams & Readonly<{ leaseMs: number }>,
    options?: CallOptions,
  ): Promise<SamplingTask>
  /**
   * The sample is stored: the task is done. Repeating it with the same token and sample changes nothing.
   *
   * @throws StorageError `conflict` when the lease is lost, `details.reason` is `lease_lost`, `revoked` or `completed`.
   */
  complete(
    params: LeasedTaskParams & Readonly<{ sampleId: string }>,
    options?: CallOptions,
  ): Promise<SamplingTask>
  /** Puts it back with the delay that the rule of back-off gives, or into quarantine after the last attempt. */
  fail(
    params: LeasedTaskParams & Readonly<{ error: ExecutionError }>,
    options?: CallOptions,
  ): Promise<SamplingTask>
  /** Gives it back untouched, at a graceful stop: claimable at once, and the attempt does not count. */
  release(params: LeasedTaskParams, options?: CallOptions): Promise<SamplingTask>
  /** Opens a quarantined task again, with all its attempts. @throws StorageError `conflict` in another state. */
  retry(params: Readonly<{ key: SampleKey; now: Date }>, options?: CallOptions): Promise<SamplingTask>
  /** Revokes the open tasks of a miner whose model is not this one; claims that are out will fail at their end. */
  revoke(
    params: Readonly<{ minerHotkey: string; exceptModelHash: string | null; now: Date }>,
    options?: CallOptions,
  ): Promise<Readonly<{ revoked: number }>>
  /**
   * Makes claimable what ran out of its lease or its back-off, by the sweeper's clock; a lease that ran out at the last
   * attempt ends in quarantine. Any number of sweepers may run. Eventual: the next sweep finds what this one misses.
   */
  sweep(
    params: Readonly<{ environment: string; now: Date }>,
    options?: CallOptions,
  ): Promise<SweepTasksResult>
  /** Task ids of a scope that are pending, claimed or quarantined, ascending; eventual. Reads keys only. */
  listOpenTaskIds(
    params: Readonly<{ scope: SampleScope; generation: number }>,
    options?: CallOptions,
  ): Promise<readonly number[]>
  /** All tasks of a miner in the order of their keys. */
  list(
    params: Readonly<{ minerHotkey: string; now: Date } & PageParams>,
    options?: CallOptions,
  ): Promise<Page<SamplingTask>>
  /** Those that wait for a person, eventual. */
  listQuarantined(
    params: Readonly<{ environment: string } & PageParams>,
    options?: CallOptions,
  ): Promise<Page<SamplingTask>>
  /** Eventual. */
  count(params: Readonly<{ environment: string }>, options?: CallOptions): Promise<SamplingTaskCounts>
}
