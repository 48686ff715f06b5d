import { modelSeed } from '../environments/task-seed.ts'

const MAX_KNOWN_TASKS = 100_000
const CHUNK = 1_000

/**
 * Finds the id of a task by the seed that every miner is given with it: local miners know the answers that way. It
 * learns ids from 0 on as they are needed, 100,000 at most.
 */
export function createTaskFinder(environment: string): (seed: number) => number | null {
  const ids = new Map<number, number>()
  let known = 0
  return (seed) => {
    while (!ids.has(seed) && known < MAX_KNOWN_TASKS) {
      for (const end = known + CHUNK; known < end; known += 1) ids.set(modelSeed(environment, known), known)
    }
    return ids.get(seed) ?? null
  }
}
