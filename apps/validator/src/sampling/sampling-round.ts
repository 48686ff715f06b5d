import { setMaxListeners } from 'node:events'

import type { Clock, Logger, ProgressListener, Repositories } from '@subnetkit/core'

import { allItems } from '../all-items.ts'
import { Executor, type ExecutorDeps, type ExecutorView } from './executor.ts'
import { retriedSteps } from './retried-step.ts'
import { readMiners } from './sampled-miners.ts'
import { type IncompleteScope, type PassReport, Scheduler } from './scheduler.ts'
import type { ConfiguredSampling, SettingsReader } from './settings-reader.ts'
import type { WorkOutcome } from './work-task.ts'

/** How often the round looks whether there is something to do. */
const TICK_MS = 100
/** How often miners are read anew: a pause, a resumption or a new miner shows within it. */
const MINERS_FRESH_MS = 3_000
/** Shortest and longest time between two passes while the workers have nothing to do. */
const SHORTEST_GAP_MS = 250
const LONGEST_GAP_MS = 5_000

/** What a round works with. */
export interface SamplingRoundDeps extends ExecutorDeps {
  readonly repositories: ExecutorDeps['repositories'] & Pick<Repositories, 'samples' | 'miners'>
  readonly settings: Pick<SettingsReader, 'read'>
  readonly clock: Clock
  readonly log: Logger
}

/** How a round runs. */
export interface SamplingRoundParams {
  readonly workers: number
  /** Instead of the configured `sampling.per_miner`. */
  readonly perMiner: number | null
  /** Samples to take at most; null for all that are missing. */
  readonly limit: number | null
  /** Goes on for ever: new miners, wider ranges and new generations are sampled as they come. */
  readonly isWatching: boolean
  readonly progress: ProgressListener
}

/** How a round ended. */
export interface SamplingRoundReport {
  /** Every expected sample of every miner that is sampled now is there. */
  readonly isComplete: boolean
  readonly miners: number
  /** Paused, invalid, deregistered or without an endpoint. */
  readonly restingMiners: number
  readonly environments: readonly string[]
  readonly scopes: number
  readonly completeScopes: number
  /** Samples that are not there yet; null when the last pass could not tell. */
  readonly missing: number | null
  readonly tasksCreated: number
  readonly passes: number
  readonly outcomes: Readonly<Record<WorkOutcome, number>>
  readonly durationMs: number
}

/**
 * Schedules and executes at once until everything expected is present, or for ever. Where samples are missing of which
 * every task waits in quarantine, the round ends too: only a person can help.
 */
export async function runSamplingRound(
  deps: SamplingRoundDeps,
  params: SamplingRoundParams,
  signal: AbortSignal,
): Promise<SamplingRoundReport> {
  return await new SamplingRound(deps, params).run(signal)
}

class SamplingRound {
  readonly #deps: SamplingRoundDeps
  readonly #params: SamplingRoundParams
  readonly #scheduler: Scheduler
  readonly #outcomes: Record<WorkOutcome, number> = {
    scored: 0,
    miner_fault: 0,
    infrastructure_fault: 0,
    settled: 0,
    superseded: 0,
    lost: 0,
    released: 0,
    revoked: 0,
  }
  #configured: ConfiguredSampling | null = null
  #view: ExecutorView | null = null
  #minersReadMs = 0
  #lastPass: PassReport | null = null
  #total: number | null = null
  #passes = 0
  #created = 0

  constructor(deps: SamplingRoundDeps, params: SamplingRoundParams) {
    this.#deps = deps
    this.#params = params
    this.#scheduler = new Scheduler(deps)
  }

  async run(signal: AbortSignal): Promise<SamplingRoundReport> {
    const startedMs = this.#deps.clock.monotonicMs()
    const stop = new AbortController()
    // Many requests at once listen to it; that is no leak.
    setMaxListeners(0, stop.signal)
    const forward = (): void => stop.abort(signal.reason)
    signal.addEventListener('abort', forward, { once: true })
    if (signal.aborted) forward()
    const view = await this.#refresh(stop.signal)
    let latest = view
    const executor = new Executor(this.#deps, {
      workers: this.#params.workers,
      limit: this.#params.limit,
      view: () => latest,
      onOutcome: (outcome) => this.#note(outcome),
    })
    // Whichever ends first ends the other: the executor at its limit or at a failure, the scheduling when all is there.
    const executing = executor.run(stop.signal).finally(() => stop.abort())
    try {
      await this.#schedule(executor, stop.signal, (fresh) => (latest = fresh))
    } catch (error) {
      if (!stop.signal.aborted) throw error
    } finally {
      stop.abort()
      signal.removeEventListener('abort', forward)
      await executing
    }
    const report = this.#report(startedMs)
    if (signal.aborted) {
      this.#deps.log.info({ report }, 'sampling stopped before its end')
      signal.throwIfAborted()
    }
    return report
  }

  async #schedule(
    executor: Executor,
    signal: AbortSignal,
    onView: (view: ExecutorView) => void,
  ): Promise<void> {
    const { clock } = this.#deps
    let gapMs = SHORTEST_GAP_MS
    while (!signal.aborted) {
      const version = this.#configured?.version
      const view = await this.#refresh(signal, true)
      onView(view)
      const pass = await this.#pass(view, signal)
      if (pass.created > 0) executor.wake()
      if (this.#configured?.version !== version || pass.created > 0) gapMs = SHORTEST_GAP_MS
      else gapMs = Math.min(LONGEST_GAP_MS, gapMs * 2)
      if (!this.#params.isWatching && (await this.#isOver(pass, executor, signal))) return
      const passedMs = clock.monotonicMs()
      const isDue = (): boolean => {
        const sinceMs = clock.monotonicMs() - passedMs
        return sinceMs >= (executor.isIdle ? gapMs : view.settings.scheduleIntervalMs)
      }
      while (!signal.aborted && !isDue()) {
        await clock.sleep(TICK_MS, signal)
        const before = this.#configured?.version
        onView(await this.#refresh(signal))
        if (this.#configured?.version !== before) break
      }
    }
  }

  /** Settings and miners; the store is asked when they are older than a few seconds, or when `isNow`. */
  async #refresh(signal: AbortSignal, isNow = false): Promise<ExecutorView> {
    const { clock, settings, repositories } = this.#deps
    const { perMiner } = this.#params
    const step = this.#step(signal)
    const configured = await settings.read(signal)
    const isStale = isNow || clock.monotonicMs() - this.#minersReadMs >= MINERS_FRESH_MS
    if (this.#view !== null && !isStale && configured === this.#configured) return this.#view
    const miners =
      this.#view !== null && !isStale
        ? this.#view.miners
        : await step('read miners', () => readMiners(repositories.miners, clock.now(), { signal }))
    if (isStale) this.#minersReadMs = clock.monotonicMs()
    this.#configured = configured
    this.#view = {
      environments: configured.environments.map(({ name }) => name),
      settings: perMiner === null ? configured.sampling : { ...configured.sampling, perMiner },
      miners,
    }
    return this.#view
  }

  async #pass(view: ExecutorView, signal: AbortSignal): Promise<PassReport> {
    const pass = await this.#scheduler.pass({
      environments: this.#configured?.environments ?? [],
      miners: view.miners.sampled,
      concurrency: view.settings.scheduleConcurrency,
      signal,
    })
    this.#passes += 1
    this.#created += pass.created
    this.#lastPass = pass
    const missing = missingOf(pass)
    if (missing !== null) this.#total = this.#done + missing
    if (pass.created > 0) this.#deps.log.debug({ created: pass.created }, 'tasks were made')
    this.#showProgress()
    return pass
  }

  get #done(): number {
    return this.#outcomes.scored + this.#outcomes.miner_fault
  }

  #note(outcome: WorkOutcome): void {
    this.#outcomes[outcome] += 1
    this.#showProgress()
  }

  #showProgress(): void {
    const { limit, progress, isWatching } = this.#params
    const all = limit === null ? this.#total : Math.min(limit, this.#total ?? limit)
    progress({ stage: 'sampling', done: this.#done, total: isWatching ? null : all, unit: 'samples' })
  }

  /** Nothing is held, nothing was made, and whatever is missing waits in quarantine. */
  async #isOver(pass: PassReport, executor: Executor, signal: AbortSignal): Promise<boolean> {
    if (pass.created > 0 || !executor.isIdle) return false
    if (pass.incomplete.every(({ openTaskIds }) => openTaskIds.length === 0)) return true
    const names = new Set(pass.incomplete.map(({ scope }) => scope.environment))
    const quarantined = new Set<string>()
    for (const environment of names) {
      for await (const text of this.#quarantined(environment, signal)) quarantined.add(text)
    }
    return pass.incomplete.every((scope) =>
      scope.openTaskIds.every((taskId) => quarantined.has(taskText(scope, taskId))),
    )
  }

  async *#quarantined(environment: string, signal: AbortSignal): AsyncIterable<string> {
    const { samplingTasks } = this.#deps.repositories
    const step = this.#step(signal)
    const tasks = allItems((page) =>
      step('list quarantine', () => samplingTasks.listQuarantined({ environment, ...page }, { signal })),
    )
    for await (const { generation, taskId, minerHotkey, modelRevision } of tasks) {
      yield taskText({ generation, scope: { minerHotkey, modelRevision, environment } }, taskId)
    }
  }

  #step(signal: AbortSignal): ReturnType<typeof retriedSteps> {
    const { clock, random, log } = this.#deps
    return retriedSteps({ clock, random, log, signal })
  }

  #report(startedMs: number): SamplingRoundReport {
    const pass = this.#lastPass
    const view = this.#view
    return {
      isComplete: pass !== null && missingOf(pass) === 0,
      miners: view?.miners.sampled.length ?? 0,
      restingMiners: view?.miners.resting.length ?? 0,
      environments: view?.environments ?? [],
      scopes: pass?.scopes ?? 0,
      completeScopes: pass?.complete ?? 0,
      missing: pass === null ? null : missingOf(pass),
      tasksCreated: this.#created,
      passes: this.#passes,
      outcomes: { ...this.#outcomes },
      durationMs: Math.round(this.#deps.clock.monotonicMs() - startedMs),
    }
  }
}

function missingOf(pass: PassReport): number | null {
  let sum = 0
  for (const { missing } of pass.incomplete) {
    if (missing === null) return null
    sum += missing
  }
  return sum
}

function taskText(
  { scope, generation }: Pick<IncompleteScope, 'scope' | 'generation'>,
  taskId: number,
): string {
  return JSON.stringify([scope.minerHotkey, scope.modelRevision, scope.environment, generation, taskId])
}
