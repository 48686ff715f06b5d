import { TaskDraws } from '../environments/task-draws.ts'
import type { LocalMinerProfile } from './local-miner-profile.ts'
import type { AskedTask, Solver } from './solve-task.ts'

/** How a local miner's server can misbehave; every one is seen in the wild. */
export const localFaults = [
  'server_error',
  'garbage',
  'web_page',
  'redirect',
  'null_content',
  'dropped',
  'huge',
  'busy_once',
  'stalled',
] as const

/** What a local miner does with one task: the same every time that it is asked. */
export interface LocalReply {
  readonly latencyMs: number
  readonly fault: (typeof localFaults)[number] | null
  readonly content: string
}

const UNIT = 10_000

/** Decides by nothing but `identity` (of the miner) and the task. Null when the task is of no known environment. */
export function replyOf(
  identity: string,
  profile: LocalMinerProfile,
  solvers: readonly Solver[],
  task: AskedTask,
): LocalReply | null {
  const solver = solvers.find((candidate) => candidate.canRead(task.prompt))
  if (solver === undefined) return null
  const draws = new TaskDraws(`${identity}:${solver.environment}:${task.seed}`)
  // Skill first, so that a more or less reliable server changes no answer.
  const isSolved = draws.below(UNIT) < (profile.skills.get(solver.environment) ?? 0) * UNIT
  const isFaulty = draws.below(UNIT) < profile.faultShare * UNIT
  const fault = draws.pick(localFaults)
  const latencyMs = (profile.typicalLatencyMs * draws.between(UNIT / 2, 2 * UNIT)) / UNIT
  return {
    latencyMs,
    fault: isFaulty ? fault : null,
    content: isSolved ? solver.solve(task, draws) : solver.guess(task, draws),
  }
}
