import type { Clock, Logger, Repositories, SamplingTask } from '@subnetkit/core'

import { boundedRun } from './bounded-run.ts'
import { keyOf, lostReason, type LostReason } from './store-attempt.ts'

/** How many renewals go out at once. */
const CONCURRENT_RENEWALS = 8

/** The lease under which a task was held is gone: whoever works on it must stop. */
class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError'
  readonly reason: LostReason

  constructor(task: SamplingTask, reason: LostReason) {
    super(
      `the lease of task ${task.taskId} of ${task.environment} for ${task.minerHotkey} is lost: ${reason}`,
    )
    this.reason = reason
  }
}

/** A claimed task, and a signal that ends with its lease. */
export interface HeldTask {
  readonly task: SamplingTask
  readonly token: string
  /** Aborted with a {@link LeaseLostError}. */
  readonly signal: AbortSignal
}

interface Holding {
  readonly held: HeldTask
  readonly controller: AbortController
  renewedMs: number
}

/** What renewing works with. */
export interface HeldLeasesDeps {
  readonly samplingTasks: Pick<Repositories['samplingTasks'], 'heartbeat'>
  readonly clock: Clock
  readonly log: Logger
}

/** Keeps the leases of everything that one process holds, whether it waits in the buffer or is at work. */
export class HeldLeases {
  readonly #deps: HeldLeasesDeps
  readonly #holdings = new Map<HeldTask, Holding>()

  constructor(deps: HeldLeasesDeps) {
    this.#deps = deps
  }

  /**
   * Takes over a task that was claimed under `token` for `leaseMs`. The claim may have taken long, or its answer may be
   * that of an earlier try: what is left of the lease says when it has to be renewed.
   */
  hold(task: SamplingTask, token: string, leaseMs: number): HeldTask {
    const leftMs = (task.lease?.expiresAt.getTime() ?? 0) - this.#deps.clock.now().getTime()
    const ageMs = Math.min(leaseMs, Math.max(0, leaseMs - leftMs))
    const controller = new AbortController()
    const held = { task, token, signal: controller.signal }
    this.#holdings.set(held, { held, controller, renewedMs: this.#deps.clock.monotonicMs() - ageMs })
    return held
  }

  /** It is done, given back or given up: its lease is not renewed any more. */
  drop(held: HeldTask): void {
    this.#holdings.delete(held)
  }

  /**
   * Renews whatever is older than a third of the lease. A renewal that fails for the store's sake is tried again at the
   * next call; once a whole lease has passed without one, the task counts as lost here too.
   */
  async renew(leaseMs: number): Promise<void> {
    const nowMs = this.#deps.clock.monotonicMs()
    const due = [...this.#holdings.values()].filter(({ renewedMs }) => nowMs - renewedMs >= leaseMs / 3)
    await boundedRun(due, CONCURRENT_RENEWALS, async (holding) => {
      await this.#renewOne(holding, leaseMs)
    })
  }

  /** Ends everything that is still at work, since this process stops; the leases stay until they are given back. */
  abortAll(reason: Error): void {
    for (const { controller } of this.#holdings.values()) controller.abort(reason)
  }

  async #renewOne(holding: Holding, leaseMs: number): Promise<void> {
    const { clock, samplingTasks, log } = this.#deps
    const { task, token } = holding.held
    const startedMs = clock.monotonicMs()
    try {
      await samplingTasks.heartbeat({ key: keyOf(task), token, leaseMs, now: clock.now() })
      holding.renewedMs = startedMs
    } catch (error) {
      const reason = lostReason(error)
      if (reason !== null) {
        this.#lose(holding, reason)
        return
      }
      log.warn({ ...keyOf(task), err: error }, 'a lease could not be renewed; trying again')
      if (clock.monotonicMs() - holding.renewedMs >= leaseMs) this.#lose(holding, 'lease_lost')
    }
  }

  #lose(holding: Holding, reason: LostReason): void {
    // A task that was finished while its renewal was on the way is no loss.
    if (!this.#holdings.delete(holding.held)) return
    const { task } = holding.held
    this.#deps.log.warn({ ...keyOf(task), reason }, 'a lease was lost while its task was at work or waiting')
    holding.controller.abort(new LeaseLostError(task, reason))
  }
}
