import type { Clock, Logger, Repositories, SamplingTask } from '@subnetkit/core'

import { retriedSteps } from './retried-step.ts'
import type { SamplingSettings } from './sampling-settings.ts'

/** First and longest time for which an environment without claimable tasks is left alone. */
const SHORTEST_REST_MS = 100
const LONGEST_REST_MS = 2_000

/** What claiming works with. */
export interface ClaimerDeps {
  readonly samplingTasks: Pick<Repositories['samplingTasks'], 'claim'>
  readonly clock: Clock
  readonly random: () => number
  readonly log: Logger
  readonly worker: string
  /** A new unique id each time. */
  readonly newId: () => string
}

/** One turn of claiming. */
export interface ClaimTurn {
  readonly environments: readonly string[]
  readonly settings: SamplingSettings
  /** Most tasks wanted now. */
  readonly wanted: number
  readonly exceptMiners: ReadonlySet<string>
  readonly signal: AbortSignal
}

/** Tasks under one lease token. */
export interface Claimed {
  readonly environment: string
  readonly token: string
  readonly tasks: readonly SamplingTask[]
}

interface EnvironmentState {
  /** Most tasks of the next claim: falls to what was of use, grows again while all is. */
  size: number
  restMs: number
  restUntilMs: number
}

/** Claims from the environments in turn; those that had nothing rest a little, longer each time. */
export class Claimer {
  readonly #deps: ClaimerDeps
  readonly #states = new Map<string, EnvironmentState>()
  #turn = 0

  constructor(deps: ClaimerDeps) {
    this.#deps = deps
  }

  /** True when no environment had anything when it was asked last. */
  isDry(environments: readonly string[]): boolean {
    return environments.every((name) => (this.#states.get(name)?.restMs ?? 0) > 0)
  }

  /** There may be new tasks: no environment rests any longer. */
  wake(): void {
    for (const state of this.#states.values()) Object.assign(state, { restMs: 0, restUntilMs: 0 })
  }

  /** Asks environments in turn until one has something; null when none has, or all rest. */
  async claim(turn: ClaimTurn): Promise<Claimed | null> {
    const { environments, settings, wanted, exceptMiners, signal } = turn
    const { samplingTasks, clock, random, log, worker, newId } = this.#deps
    for (let count = 0; count < environments.length; count += 1) {
      const environment = environments[this.#turn++ % environments.length] ?? ''
      const state = this.#stateOf(environment, settings)
      if (clock.monotonicMs() < state.restUntilMs) continue
      const claim = {
        environment,
        owner: worker,
        claimId: newId(),
        limit: Math.max(1, Math.min(state.size, settings.claimBatch, wanted)),
        leaseMs: settings.leaseMs,
        exceptMiners,
      }
      // The same claim again gives what it claimed before, should its answer have been lost.
      const tasks = await retriedSteps({ clock, random, log, signal })('claim tasks', () =>
        samplingTasks.claim({ ...claim, now: clock.now() }),
      )
      if (tasks.length > 0) {
        state.restMs = 0
        return { environment, token: claim.claimId, tasks }
      }
      state.restMs = Math.min(LONGEST_REST_MS, Math.max(SHORTEST_REST_MS, state.restMs * 2))
      state.restUntilMs = clock.monotonicMs() + state.restMs
    }
    return null
  }

  /** Says how many of a claim's tasks were kept: the next claim does not take what would have to be given back. */
  learn(claimed: Claimed, kept: number, settings: SamplingSettings): void {
    const state = this.#stateOf(claimed.environment, settings)
    state.size =
      kept < claimed.tasks.length ? Math.max(1, kept) : Math.min(settings.claimBatch, state.size * 2)
  }

  #stateOf(environment: string, settings: SamplingSettings): EnvironmentState {
    const known = this.#states.get(environment)
    if (known !== undefined) return known
    const state = { size: settings.claimBatch, restMs: 0, restUntilMs: 0 }
    this.#states.set(environment, state)
    return state
  }
}
