import type { Clock, Logger, NewSamplingTask, Repositories, SampleScope } from '@subnetkit/core'

import { boundedRun } from './bounded-run.ts'
import type { EnvironmentSettings } from './environment-settings.ts'
import { planTasks } from './plan-tasks.ts'
import { retriedSteps } from './retried-step.ts'
import type { SampledMiner } from './sampled-miners.ts'
import { type PlanKey, ScheduleMemo } from './schedule-memo.ts'

/** Reads of single tasks that go out together. */
const CONCURRENT_FINDS = 8

/** What a scheduler works with. */
export interface SchedulerDeps {
  readonly repositories: Readonly<{
    samples: Pick<Repositories['samples'], 'listPresentTaskIds'>
    samplingTasks: Pick<Repositories['samplingTasks'], 'listOpenTaskIds' | 'create' | 'find' | 'revoke'>
  }>
  readonly clock: Clock
  readonly random: () => number
  readonly log: Logger
}

/** An environment to sample, with its settings. */
export interface SampledEnvironment {
  readonly name: string
  readonly settings: EnvironmentSettings
}

/** One pass. */
export interface PassParams {
  readonly environments: readonly SampledEnvironment[]
  readonly miners: readonly SampledMiner[]
  /** Scopes that are looked at together. */
  readonly concurrency: number
  readonly signal: AbortSignal
}

/** A scope that does not have all its samples yet, or whose tasks are not all finished. */
export interface IncompleteScope {
  readonly scope: SampleScope
  readonly generation: number
  /** Tasks that are open now, those just made included. */
  readonly openTaskIds: readonly number[]
  /** Samples that are not there; null when it was not looked at, since no more tasks may be open. */
  readonly missing: number | null
}

/** What a pass found and did. */
export interface PassReport {
  /** Miners × environments. */
  readonly scopes: number
  readonly complete: number
  readonly incomplete: readonly IncompleteScope[]
  readonly created: number
  readonly revoked: number
}

/**
 * Makes the tasks that are missing: expected minus present minus open, lowest first, for each miner in each environment.
 *
 * A pass reads the open ids of a scope, and its present ids only where a task could be made; nothing at all where
 * everything was present at the pass before. Two schedulers at once make the same tasks, each of them once.
 */
export class Scheduler {
  readonly #deps: SchedulerDeps
  readonly #memo: ScheduleMemo

  constructor(deps: SchedulerDeps) {
    this.#deps = deps
    this.#memo = new ScheduleMemo(() => deps.clock.monotonicMs())
  }

  /** One pass over all scopes. Rejects when a read or write fails for good; what was made until then stands. */
  async pass(params: PassParams): Promise<PassReport> {
    const { environments, miners, concurrency, signal } = params
    const revoked = await this.#revokeOldModels(miners, params)
    // Environments take turns within a miner, so that a pass that is cut off has served all of them.
    const plans = miners.flatMap((miner) =>
      environments.map(({ name, settings }) => ({ miner, settings, key: planKey(miner, name, settings) })),
    )
    const incomplete: IncompleteScope[] = []
    let created = 0
    await boundedRun(plans, concurrency, async ({ miner, settings, key }) => {
      signal.throwIfAborted()
      if (this.#memo.isComplete(key)) return
      const planned = await this.#planScope(miner, settings, key, signal)
      if (planned === null) return
      created += planned.created
      incomplete.push(planned.scope)
    })
    this.#memo.keepOnly(plans.map(({ key }) => key))
    return {
      scopes: plans.length,
      complete: plans.length - incomplete.length,
      incomplete,
      created,
      revoked,
    }
  }

  async #revokeOldModels(miners: readonly SampledMiner[], params: PassParams): Promise<number> {
    const { samplingTasks } = this.#deps.repositories
    const changed = miners.filter((miner) => this.#memo.isNewModel(miner))
    let revoked = 0
    await boundedRun(changed, params.concurrency, async ({ hotkey, modelHash }) => {
      const revoke = { minerHotkey: hotkey, exceptModelHash: modelHash, now: this.#deps.clock.now() }
      const done = await this.#step(params.signal, 'revoke', () =>
        samplingTasks.revoke(revoke, { signal: params.signal }),
      )
      revoked += done.revoked
      this.#deps.log.info(
        { minerHotkey: hotkey, modelHash, ...done },
        'the miner serves another model: its open tasks are revoked',
      )
    })
    return revoked
  }

  /** Null when everything is present and nothing is open. */
  async #planScope(
    miner: SampledMiner,
    settings: EnvironmentSettings,
    key: PlanKey,
    signal: AbortSignal,
  ): Promise<{ readonly created: number; readonly scope: IncompleteScope } | null> {
    const { samples, samplingTasks } = this.#deps.repositories
    const { samplingRange, generation, countedFrom, maxOpenTasks } = settings
    const { scope } = key
    const openTaskIds = await this.#step(signal, 'list open tasks', () =>
      samplingTasks.listOpenTaskIds({ scope, generation }, { signal }),
    )
    if (openTaskIds.length >= maxOpenTasks) {
      return { created: 0, scope: { scope, generation, openTaskIds, missing: null } }
    }
    const range = { fromGeneration: Math.min(countedFrom, generation), toGeneration: generation }
    const presentTaskIds = await this.#step(signal, 'list present samples', () =>
      samples.listPresentTaskIds({ scope, ...range }, { signal }),
    )
    const blockedTaskIds = this.#memo.blockedIds(key)
    const plan = planTasks({
      range: samplingRange,
      presentTaskIds,
      openTaskIds,
      blockedTaskIds,
      maxOpenTasks,
    })
    if (plan.missing === 0 && plan.unsettled === 0) {
      this.#memo.setComplete(key)
      return null
    }
    const { priority, maxAttempts } = settings
    const { modelHash } = miner
    const tasks = plan.taskIds.map((taskId) => ({
      ...scope,
      generation,
      taskId,
      modelHash,
      priority,
      maxAttempts,
    }))
    const made = await this.#create(key, tasks, signal)
    const open = [...openTaskIds, ...made.openTaskIds]
    return {
      created: made.created,
      scope: { scope, generation, openTaskIds: open, missing: plan.missing },
    }
  }

  async #create(
    key: PlanKey,
    tasks: readonly NewSamplingTask[],
    signal: AbortSignal,
  ): Promise<{ readonly created: number; readonly openTaskIds: readonly number[] }> {
    const taskIds = tasks.map(({ taskId }) => taskId)
    if (tasks.length === 0) return { created: 0, openTaskIds: [] }
    const { created } = await this.#step(signal, 'create tasks', () =>
      this.#deps.repositories.samplingTasks.create({ tasks, now: this.#deps.clock.now() }, { signal }),
    )
    if (created > 0) return { created, openTaskIds: taskIds }
    return { created, openTaskIds: await this.#findOpen(key, tasks, signal) }
  }

  /**
   * None was made: the list of open ones lags behind, or finished tasks stand where samples were removed. Those are
   * passed over from now on, lest the lowest ids keep all later ones from their turn.
   */
  async #findOpen(
    key: PlanKey,
    tasks: readonly NewSamplingTask[],
    signal: AbortSignal,
  ): Promise<readonly number[]> {
    const open: number[] = []
    const blocked: number[] = []
    await boundedRun(tasks, CONCURRENT_FINDS, async ({ taskId }) => {
      const taskKey = { ...key.scope, generation: key.generation, taskId }
      const task = await this.#step(signal, 'find task', () =>
        this.#deps.repositories.samplingTasks.find({ key: taskKey, now: this.#deps.clock.now() }, { signal }),
      )
      if (task === null) return
      const isSettled = task.status === 'completed' || task.status === 'revoked'
      ;(isSettled ? blocked : open).push(taskId)
    })
    if (blocked.length > 0) {
      this.#memo.block(key, blocked)
      this.#deps.log.warn(
        { ...key.scope, tasks: blocked.length },
        'samples are missing of tasks that are finished; they can be asked again seven days after their end',
      )
    }
    return open
  }

  async #step<T>(signal: AbortSignal, name: string, run: () => Promise<T>): Promise<T> {
    const { clock, random, log } = this.#deps
    return await retriedSteps({ clock, random, log, signal })(name, run)
  }
}

function planKey(miner: SampledMiner, environment: string, settings: EnvironmentSettings): PlanKey {
  const { hotkey: minerHotkey, modelRevision } = miner
  const { samplingRange, generation, countedFrom } = settings
  return { scope: { minerHotkey, modelRevision, environment }, samplingRange, generation, countedFrom }
}
