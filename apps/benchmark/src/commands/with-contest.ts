import { runTask } from '@subnetkit/core'
import type { CommandSession } from '@subnetkit/core/cli'

import type { BenchmarkDeps } from '../benchmark-deps.ts'
import type { ComposeBenchmarkParams } from '../compose.ts'
import { readConfig } from '../config.ts'
import { openBenchmarkQueue } from '../queue/open-benchmark-queue.ts'
import type { ContestDeps } from '../tasks/contests/contest-deps.ts'
import { performRunTask } from '../tasks/runs/perform-run.ts'
import { prepareSubmission } from '../tasks/submissions/prepare-submission.ts'
import { type RecordSession, withRecords } from './with-records.ts'

/** What a command that builds and runs submissions works with. */
export interface ContestSession extends Omit<RecordSession, 'benchmark'> {
  readonly deps: ContestDeps & BenchmarkDeps
}

/** How submissions are run. */
export interface ContestNeeds extends Pick<ComposeBenchmarkParams, 'isLocalAllowed' | 'sandboxKind'> {
  /** Runs at once; null for BENCHMARK_CONCURRENCY. */
  readonly workers: number | null
}

/**
 * Puts the benchmark together with a sandbox and a queue for runs. Without Redis the runs are done in this process; with it,
 * by whoever runs `benchmark worker`.
 *
 * @throws InputError when no sandbox can be had; it names the two ways out.
 */
export async function withContest<T>(
  session: CommandSession,
  { workers, ...needs }: ContestNeeds,
  use: (contest: ContestSession) => Promise<T>,
): Promise<T> {
  const { redisUrl, concurrency } = readConfig()
  return await withRecords(
    session,
    { ...needs, needs: ['writer', 'sandbox'] },
    async ({ benchmark, perform }) => {
      const { clock, deps, lost, random } = benchmark
      const { log } = session
      const signal = AbortSignal.any([session.signal, lost])
      await using lanes = await openBenchmarkQueue({
        redisUrl,
        concurrency: workers ?? concurrency,
        isWorking: redisUrl === null,
        clock,
        log,
        signal,
        kinds: {
          [performRunTask.name]: {
            lane: 'runs',
            handle: async (context, options) =>
              await runTask(performRunTask, deps, context, {
                clock,
                random,
                logger: log,
                signal: options.signal,
              }),
          },
        },
      })
      if (lanes.isShared) log.info({}, 'runs are done by benchmark worker; at least one must be at work')
      return await use({
        perform,
        deps: {
          ...deps,
          queue: lanes.runs,
          prepare: async (submission, control) => await prepareSubmission(deps, submission, control),
        },
      })
    },
  )
}
