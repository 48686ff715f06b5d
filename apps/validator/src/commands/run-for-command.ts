import { runTask, type Task } from '@subnetkit/core'
import type { CommandSession } from '@subnetkit/core/cli'

import type { Validator } from '../compose.ts'

/** Runs a task for a command: with its log, progress and signal. */
export async function runForCommand<Deps, Context, Result>(
  task: Task<Deps, Context, Result>,
  deps: Deps,
  context: unknown,
  session: CommandSession,
  { clock, random }: Pick<Validator, 'clock' | 'random'>,
): Promise<Result> {
  return await runTask(task, deps, context, {
    clock,
    random,
    signal: session.signal,
    logger: session.log,
    progress: session.progress,
  })
}
