import { randomUUID } from 'node:crypto'

import type { Clock, Logger } from '@subnetkit/core'

import type { JobKinds, JobLanes, LaneName } from '../ports/job-lanes.ts'
import { InProcessLane } from './in-process-lane.ts'
import { handlersOf } from './lane-handlers.ts'

/** Where jobs wait, and who works at them. */
export interface OpenBenchmarkQueueParams {
  /** Null: the jobs wait in this process and end with it. */
  readonly redisUrl: string | null
  readonly kinds: JobKinds
  /** Runs at once in this process, from 1. */
  readonly concurrency: number
  /** False only adds jobs, for other workers of the same Redis; in this process there are no others. */
  readonly isWorking: boolean
  readonly clock: Clock
  readonly log: Logger
  readonly signal: AbortSignal
}

/** Days at once in one process: one of each type. They mostly wait for runs. */
const DAYS_AT_ONCE = 2

/**
 * Opens the lanes of jobs: in Redis where there is one, else in this process.
 *
 * @throws StorageError `unavailable` when Redis does not answer.
 */
export async function openBenchmarkQueue(params: OpenBenchmarkQueueParams): Promise<JobLanes> {
  const { redisUrl, concurrency, isWorking, ...rest } = params
  if (redisUrl === null) return openInProcessLanes(params)
  const { openRedisLanes } = await import('./open-redis-lanes.ts')
  return await openRedisLanes({
    ...rest,
    url: redisUrl,
    newToken: randomUUID,
    concurrency: isWorking ? { runs: concurrency, days: DAYS_AT_ONCE } : { runs: 0, days: 0 },
  })
}

/** Lanes of this process. */
export function openInProcessLanes(
  params: Pick<OpenBenchmarkQueueParams, 'clock' | 'concurrency' | 'kinds' | 'signal'>,
): JobLanes {
  const { clock, concurrency, kinds, signal } = params
  const open = (lane: LaneName, atOnce: number): InProcessLane =>
    new InProcessLane({ handlers: handlersOf(kinds, lane), concurrency: atOnce, clock, signal })
  const runs = open('runs', concurrency)
  const days = open('days', DAYS_AT_ONCE)
  const close = async (): Promise<void> => {
    // Days first: they wait for runs.
    await days.close()
    await runs.close()
  }
  return { isShared: false, runs, days, close, [Symbol.asyncDispose]: close }
}
