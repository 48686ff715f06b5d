import { type Config, readConfig } from '../config.ts'
import { InputError } from '@subnetkit/core'
import { defineCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import type { JobLanes } from '../ports/job-lanes.ts'
import { jobKinds } from '../queue/job-kinds.ts'
import { openBenchmarkQueue } from '../queue/open-benchmark-queue.ts'
import { examplesText } from './command-group.ts'
import { sandboxFlags, sandboxFlagsShape } from './contest-flags.ts'
import { withRecords } from './with-records.ts'

/** `benchmark worker`. */
export const workerCommand = defineCommand({
  name: 'worker',
  description:
    'do runs and days that wait in Redis, until it is stopped; start as many as there are machines',
  options: z.strictObject(sandboxFlagsShape),
  flags: (command) => {
    sandboxFlags(command)
    command.addHelpText(
      'after',
      examplesText(
        ['worker', 'worker --workers 2 --sandbox container'],
        'It needs REDIS_URL, and with several machines a store that all of them reach (CLICKHOUSE_URL).\nStopped or killed, what it was at goes to another worker.',
      ),
    )
  },
  run: async ({ sandbox: sandboxKind, workers, allowLocal: isLocalAllowed }, session) => {
    const config = readConfig()
    const redisUrl = needRedis(config, 'a worker takes its jobs from Redis')
    return await withRecords(
      session,
      { isLocalAllowed, sandboxKind, needs: ['writer', 'sandbox'] },
      async ({ benchmark }) => {
        const { clock, deps, random } = benchmark
        const { log } = session
        const signal = AbortSignal.any([session.signal, benchmark.lost])
        // Without its tables every job would die here, one after the other.
        await deps.repositories.tournaments.list({ limit: 1 }, { signal })
        const concurrency = workers ?? config.concurrency
        const kinds = jobKinds({ deps, clock, random, log, lanes: () => lanes })
        const parts = { redisUrl, kinds, concurrency, isWorking: true, clock, log, signal }
        await using lanes: JobLanes = await openBenchmarkQueue(parts)
        log.info({ concurrency, store: benchmark.store, sandbox: deps.sandbox.description }, 'working')
        await untilAborted(signal)
        log.info({}, 'stopping: what is at work goes back')
        await lanes.close()
        benchmark.lost.throwIfAborted()
        return { value: { stopped: true }, text: 'stopped' }
      },
    )
  },
})

/**
 * The Redis that a command cannot do without.
 *
 * @throws InputError naming the way out.
 */
export function needRedis({ redisUrl }: Pick<Config, 'redisUrl'>, why: string): string {
  if (redisUrl !== null) return redisUrl
  throw new InputError({
    field: 'REDIS_URL',
    problem: `is not set: ${why}`,
    hint: 'set it to redis://host:6379; without Redis each command does its own work, such as benchmark week',
  })
}

/** Resolves when the signal is aborted. */
export async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
