import { type Clock, isStorageError, type Logger, retryDelayMs } from '@subnetkit/core'
import { RequestRefusal } from '@subnetkit/core/http'

import type { ProjectionPass } from '../../tasks/project-agents.ts'
import type { ProjectionMetrics } from './projection-metrics.ts'

/** Pauses after a failure: doubled each time. */
const PAUSES = { attempts: Number.POSITIVE_INFINITY, baseDelayMs: 1_000, maxDelayMs: 60_000 }

/** What projecting in the background works with. */
export interface KeepProjectingDeps {
  /** One pass. */
  readonly project: (signal: AbortSignal) => Promise<ProjectionPass>
  /** How many entries the outboxes have. */
  readonly count: (signal: AbortSignal) => Promise<number>
  /** From the end of a pass to the next one. */
  readonly everyMs: number
  readonly metrics: ProjectionMetrics
  readonly clock: Clock
  /** In [0, 1). */
  readonly random: () => number
  readonly log: Logger
}

/**
 * Passes again and again until the signal, and after failures less and less often. Nothing else waits for it: what it
 * cannot copy stays in the outboxes.
 */
export async function keepProjecting(deps: KeepProjectingDeps, signal: AbortSignal): Promise<void> {
  const { project, everyMs, metrics, clock, random, log } = deps
  let failures = 0
  let isFailureTold = false
  let toldOf = 0
  while (!signal.aborted) {
    try {
      const pass = await project(signal)
      metrics.passed(pass)
      if (isFailureTold) log.info({ failures }, 'agents are projected into the record again')
      isFailureTold = false
      failures = 0
      const failed = pass?.failed ?? toldOf
      if (failed > 0 && failed !== toldOf) {
        log.warn(
          { failed, rows: pass?.failures },
          'rows of the agent registry cannot be projected; they stay in the outbox',
        )
      }
      toldOf = failed
    } catch (error) {
      if (signal.aborted) return
      const left = await deps.count(signal).catch(() => null)
      if (left !== null) metrics.failed(left)
      failures += 1
      // A record that is being opened is no failure to tell of; a lock that was lost is somebody else's turn.
      if (!isExpected(error)) {
        log.warn({ err: error, left }, 'agents are not projected now; trying again later')
        isFailureTold = true
      }
    }
    const pauseMs = failures === 0 ? everyMs : Math.max(everyMs, retryDelayMs(PAUSES, failures, random))
    await clock.sleep(pauseMs, signal).catch(() => undefined)
  }
}

function isExpected(error: unknown): boolean {
  if (error instanceof RequestRefusal) return error.code === 'record_opening'
  return isStorageError(error, 'conflict') && error.details['reason'] === 'lease_lost'
}
