import { isStorageError, parseInput, StorageError, type Task } from '@subnetkit/core'
import { type CommandSession, runForCommand } from '@subnetkit/core/cli'

import { type Benchmark, type ComposeBenchmarkParams, composeBenchmark } from '../compose.ts'
import { readConfig } from '../config.ts'

/** What a command may do with the control database. */
export interface RecordSession {
  readonly benchmark: Benchmark
  /** Runs a task with the session's log, progress and signal. */
  readonly perform: <Deps, Context, Result>(
    task: Task<Deps, Context, Result>,
    deps: Deps,
    context: unknown,
  ) => Promise<Result>
}

/** How a command needs the benchmark. @default one that only reads */
export type RecordNeeds = Partial<Pick<ComposeBenchmarkParams, 'isLocalAllowed' | 'sandboxKind' | 'needs'>>

/** Puts the benchmark together for one command and closes it whatever happens. */
export async function withRecords<T>(
  session: CommandSession,
  needs: RecordNeeds,
  use: (records: RecordSession) => Promise<T>,
): Promise<T> {
  const params = { isLocalAllowed: false, sandboxKind: 'auto' as const, needs: [], ...needs }
  await using benchmark = await composeBenchmark({ config: readConfig(), session, ...params })
  const { clock, random } = benchmark
  if (params.needs.includes('sandbox')) await sweepSandbox(benchmark.deps, session)
  try {
    return await use({
      benchmark,
      perform: async (task, deps, context) => {
        const parsed = parseInput(task.context, context, { subject: task.name })
        return await runForCommand(task, deps, parsed, session, { clock, random })
      },
    })
  } catch (error) {
    throw isStorageError(error, 'missing_schema') ? withWayOut(error, benchmark) : error
  }
}

/** What a process that was killed left would take processors from the runs to come, and stay on the disk. */
async function sweepSandbox(
  { sandbox }: Benchmark['deps'],
  { log }: Pick<CommandSession, 'log'>,
): Promise<void> {
  const removed = await sandbox.removeLeftovers()
  if (removed.length > 0) log.info({ removed }, 'removed what a process that was killed had left')
}

function withWayOut(error: StorageError, { store }: Benchmark): StorageError {
  return new StorageError({
    code: error.code,
    message: `${error.message}; looked for in ${store}: make its tables with benchmark init`,
    cause: error,
    details: error.details,
  })
}
