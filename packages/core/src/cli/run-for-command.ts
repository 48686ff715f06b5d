import type { Clock } from '../tasks/clock.ts'
import type { Task } from '../tasks/define-task.ts'
import { runTask } from '../tasks/run-task.ts'
import type { CommandSession } from './define-command.ts'

/**
 * Runs a task for a command: with the session's log, progress and signal. Fails as the task does.
 *
 * @param time the clock, and a source of numbers in [0, 1) for the pauses between tries.
 */
export async function runForCommand<Deps, Context, Result>(
  task: Task<Deps, Context, Result>,
  deps: Deps,
  context: Context,
  session: Pick<CommandSession, 'log' | 'progress' | 'signal'>,
  time: Readonly<{ clock: Clock; random: () => number }>,
): Promise<Result> {
  const { log, progress, signal } = session
  const { clock, random } = time
  return await runTask(task, deps, context, { clock, random, signal, logger: log, progress })
}
