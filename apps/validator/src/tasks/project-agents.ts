import { defineTask } from '@subnetkit/core'
import { z } from 'zod'

import { type DrainDeps, type Drained, drainOutboxes } from '../agents/projection/drain-outboxes.ts'
import { holdLock, type HoldLockDeps } from '../agents/projection/hold-lock.ts'

/** Who copies the registry of agents, or compares the copy, holds this one. */
export const PROJECTION_LOCK = 'agents.projection'
/** Renewed while a pass goes on; so long the next one waits for a process that died. */
export const PROJECTION_LEASE_MS = 30_000

/** What a pass works with. */
export type ProjectAgentsDeps = DrainDeps & Pick<HoldLockDeps, 'locks' | 'worker' | 'newId'>

/** What a pass did; null: another process is at it. */
export type ProjectionPass = Drained | null

/**
 * One pass: whatever was decided in the agent registry and is not in the record yet goes there. Each row goes as it stands
 * and is settled only when it is there, so that a pass may end anywhere and be repeated at any time.
 */
export const projectAgentsTask = defineTask({
  name: 'project-agents',
  context: z.strictObject({}),
  run: async (deps: ProjectAgentsDeps, _context, { signal, clock, log }): Promise<ProjectionPass> =>
    await holdLock(
      { ...deps, clock, log },
      { name: PROJECTION_LOCK, leaseMs: PROJECTION_LEASE_MS, signal },
      async (lease) => await drainOutboxes(deps, lease),
    ),
})
