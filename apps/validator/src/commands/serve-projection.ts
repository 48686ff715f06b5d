import { type Metrics, type Repositories, runTask, silentLogger } from '@subnetkit/core'
import type { CommandSession } from '@subnetkit/core/cli'

import { keepProjecting } from '../agents/projection/keep-projecting.ts'
import { createProjectionMetrics } from '../agents/projection/projection-metrics.ts'
import type { Validator } from '../compose.ts'
import type { RecordAccess } from '../published/record-access.ts'
import { projectAgentsTask } from '../tasks/project-agents.ts'

/** What projecting beside the API needs. */
export interface ServeProjectionParams {
  readonly validator: Validator
  readonly record: Pick<RecordAccess, 'read'>
  readonly session: Pick<CommandSession, 'log'>
  readonly metrics: Metrics
  /** From one pass to the next; 0 for never. */
  readonly everySeconds: number
}

/** Copies what is decided about agents into the record until the signal, whenever the record is there. */
export async function projectWhileServing(params: ServeProjectionParams, signal: AbortSignal): Promise<void> {
  const { validator, record, session, metrics, everySeconds } = params
  if (everySeconds === 0) return
  const { clock, newId, now, random, repositories: registry, worker } = validator
  const deps = { registry, now, locks: registry.locks, worker, newId }
  await keepProjecting(
    {
      // A pass every few seconds tells of itself by metrics; what goes wrong is logged by whoever keeps it going.
      project: async (working) => {
        const time = { clock, random, signal: working, logger: silentLogger }
        // A pass asks both stores: what fails goes up as it is, not as a failure of the record.
        const ended = await record.read(async (opened) => {
          const pass = runTask(projectAgentsTask, { ...deps, record: opened }, {}, time)
          const [outcome] = await Promise.allSettled([pass])
          return outcome
        })
        if (ended.status === 'rejected') throw ended.reason
        return ended.value
      },
      count: async (counting) => await countEntries(registry, counting),
      everyMs: everySeconds * 1_000,
      metrics: createProjectionMetrics(metrics, clock),
      clock,
      random,
      log: session.log,
    },
    signal,
  )
}

async function countEntries(
  { evaluationOutbox, outbox }: Pick<Repositories, 'evaluationOutbox' | 'outbox'>,
  signal: AbortSignal,
): Promise<number> {
  const { agentVersions, evaluationRuns, evaluations } = evaluationOutbox
  let entries = 0
  // One after the other: each asks all of its parts at once.
  for (const one of [outbox, agentVersions, evaluations, evaluationRuns]) {
    entries += await one.count({ signal })
  }
  return entries
}
