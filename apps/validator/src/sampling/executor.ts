import { setMaxListeners } from 'node:events'

import { isStorageError, type Repositories } from '@subnetkit/core'

import { boundedRun } from './bounded-run.ts'
import { Claimer } from './claimer.ts'
import { type HeldTask, HeldLeases } from './held-leases.ts'
import { retriedSteps } from './retried-step.ts'
import type { MinersNow } from './sampled-miners.ts'
import type { SamplingSettings } from './sampling-settings.ts'
import { keyOf } from './store-attempt.ts'
import { TaskBuffer } from './task-buffer.ts'
import { Wake } from './wake.ts'
import { type WorkDeps, type WorkOutcome, workTask } from './work-task.ts'

/** How long what is at work may take to end by itself after a wish to stop. */
const STOP_WITHIN_MS = 8_000
/** Longest pause between two looks at the queue, at leases and at what fell due. */
const IDLE_MS = 500
const LONGEST_SWEEP_MS = 5_000
/** Tasks that are given back at once. */
const CONCURRENT_RELEASES = 8

/** What an executor works with. */
export interface ExecutorDeps extends WorkDeps {
  readonly repositories: WorkDeps['repositories'] & Pick<Repositories, 'samplingTasks'>
  /** A new unique id each time. */
  readonly newId: () => string
}

/** What may change while an executor runs: read anew for each claim. */
export interface ExecutorView {
  /** Names of the environments to claim from. */
  readonly environments: readonly string[]
  readonly settings: SamplingSettings
  readonly miners: MinersNow
}

/** How an executor runs. */
export interface ExecutorParams {
  /** Tasks at work at once. */
  readonly workers: number
  /** Ends after so many samples; null for no end. */
  readonly limit: number | null
  readonly view: () => ExecutorView
  /** Told after each task. */
  readonly onOutcome?: (outcome: WorkOutcome) => void
}

/**
 * Takes samples: claims tasks in small batches into a bounded buffer, works on several at once, keeps their leases and
 * makes claimable what ran out of a lease or a back-off. Any number of executors, in any number of processes, share a
 * queue; one that is killed gives its tasks back when their leases run out.
 */
export class Executor {
  readonly #deps: ExecutorDeps
  readonly #params: ExecutorParams
  readonly #claimer: Claimer
  readonly #leases: HeldLeases
  readonly #buffer: TaskBuffer<HeldTask>
  readonly #wake: Wake
  readonly #finish = new AbortController()
  /** Miners that turned out to be paused since `#shunnedAt` was read. */
  #shunned = new Set<string>()
  #shunnedAt: MinersNow | null = null
  #taken = 0
  #failure: unknown = null

  constructor(deps: ExecutorDeps, params: ExecutorParams) {
    const { samplingTasks } = deps.repositories
    this.#deps = deps
    this.#params = params
    this.#wake = new Wake(deps.clock)
    this.#claimer = new Claimer({ ...deps, samplingTasks })
    this.#leases = new HeldLeases({ ...deps, samplingTasks })
    this.#buffer = new TaskBuffer({
      capacity: params.workers,
      perMiner: () => params.view().settings.perMiner,
      onRoom: () => this.#wake.wake(),
    })
  }

  /** Nothing is held, and nothing was claimable when last looked. */
  get isIdle(): boolean {
    return this.#buffer.held === 0 && this.#claimer.isDry(this.#params.view().environments)
  }

  /** There may be new tasks. */
  wake(): void {
    this.#claimer.wake()
    this.#wake.wake()
  }

  /**
   * Runs until `signal`, or until the limit is reached. Then it claims no more, gives back what waits, and lets what is
   * at work end for a few seconds, before that is given back too. Rejects when the store refuses for good.
   */
  async run(signal: AbortSignal): Promise<void> {
    const ended = new AbortController()
    setMaxListeners(0, ended.signal, this.#finish.signal)
    const finish = (): void => this.#finish.abort()
    signal.addEventListener('abort', finish, { once: true })
    if (signal.aborted) finish()
    const workers = Promise.all(Array.from({ length: this.#params.workers }, () => this.#work()))
    const renewing = this.#repeat(ended.signal, () => {
      const { leaseMs } = this.#params.view().settings
      return { everyMs: Math.min(IDLE_MS, leaseMs / 6), act: () => this.#leases.renew(leaseMs) }
    })
    const sweeping = this.#repeat(this.#finish.signal, () => {
      const { leaseMs } = this.#params.view().settings
      return { everyMs: Math.min(LONGEST_SWEEP_MS, leaseMs / 4), act: () => this.#sweep() }
    })
    try {
      await this.#feed()
    } catch (error) {
      this.#fail(error)
    }
    await this.#stop(workers)
    ended.abort()
    await Promise.all([renewing, sweeping])
    signal.removeEventListener('abort', finish)
    if (this.#failure !== null) throw this.#failure
  }

  async #feed(): Promise<void> {
    const { signal } = this.#finish
    while (!signal.aborted) {
      const claimed = await this.#claim()
      if (!claimed) await this.#wake.wait(IDLE_MS, signal)
    }
  }

  /** Whether anything came of it. */
  async #claim(): Promise<boolean> {
    const { environments, settings, miners } = this.#params.view()
    const exceptMiners = this.#exceptMiners(miners)
    const free = miners.sampled.reduce((sum, { hotkey }) => {
      return exceptMiners.has(hotkey) ? sum : sum + settings.perMiner - this.#buffer.heldOf(hotkey)
    }, 0)
    const wanted = Math.min(this.#buffer.room, free, this.#left())
    if (wanted <= 0) return false
    const { signal } = this.#finish
    const claimed = await this.#claimer
      .claim({ environments, settings, wanted, exceptMiners, signal })
      .catch((error: unknown) => {
        if (signal.aborted) return null
        throw error
      })
    if (claimed === null) return false
    const held = claimed.tasks.map((task) => this.#leases.hold(task, claimed.token, settings.leaseMs))
    const surplus = held.filter((one) => !this.#buffer.add(one))
    this.#claimer.learn(claimed, held.length - surplus.length, settings)
    await this.#giveBack(surplus)
    return surplus.length < held.length
  }

  #exceptMiners(miners: MinersNow): ReadonlySet<string> {
    if (this.#shunnedAt !== miners) {
      this.#shunned = new Set()
      this.#shunnedAt = miners
    }
    const resting = miners.resting.map(({ hotkey }) => hotkey)
    return new Set([...resting, ...this.#shunned, ...this.#buffer.fullMiners()])
  }

  #left(): number {
    const { limit } = this.#params
    return limit === null ? Infinity : limit - this.#taken - this.#buffer.held
  }

  async #work(): Promise<void> {
    for (let held = await this.#buffer.take(); held !== null; held = await this.#buffer.take()) {
      const outcome = await this.#workOn(held)
      this.#leases.drop(held)
      if (outcome === 'scored' || outcome === 'miner_fault') this.#taken += 1
      if (outcome === 'released') this.#shunned.add(held.task.minerHotkey)
      this.#params.onOutcome?.(outcome)
      if (this.#params.limit !== null && this.#taken >= this.#params.limit) this.#finish.abort()
      this.#buffer.done(held)
    }
  }

  async #workOn(held: HeldTask): Promise<WorkOutcome> {
    try {
      return await workTask(this.#deps, held, this.#params.view().settings)
    } catch (error) {
      // Its lease runs out by itself: the task is tried again, whatever became of this attempt.
      this.#deps.log.error({ ...keyOf(held.task), err: error }, 'an attempt broke off')
      if (isHopeless(error)) this.#fail(error)
      return 'lost'
    }
  }

  async #sweep(): Promise<void> {
    const { samplingTasks } = this.#deps.repositories
    let found = 0
    for (const environment of this.#params.view().environments) {
      const { ready, reclaimed } = await samplingTasks.sweep({ environment, now: this.#deps.clock.now() })
      found += ready + reclaimed
    }
    if (found > 0) this.wake()
  }

  async #repeat(
    until: AbortSignal,
    next: () => { readonly everyMs: number; readonly act: () => Promise<void> },
  ): Promise<void> {
    while (!until.aborted) {
      const { everyMs, act } = next()
      try {
        await act()
      } catch (error) {
        if (isHopeless(error)) this.#fail(error)
        else this.#deps.log.warn({ err: error }, 'leases could not be looked after; trying again')
      }
      await this.#deps.clock.sleep(everyMs, until).catch(() => undefined)
    }
  }

  async #stop(workers: Promise<unknown>): Promise<void> {
    const { clock, log } = this.#deps
    await this.#giveBack(this.#buffer.close())
    const ended = new AbortController()
    const patience = clock.sleep(STOP_WITHIN_MS, ended.signal).then(
      () => {
        log.warn({ held: this.#buffer.held }, 'what is at work takes too long; it is given back')
        this.#leases.abortAll(new StoppedError())
      },
      () => undefined,
    )
    await workers
    ended.abort()
    await patience
  }

  async #giveBack(tasks: readonly HeldTask[]): Promise<void> {
    const { clock, random, log, repositories } = this.#deps
    await boundedRun(tasks, CONCURRENT_RELEASES, async (held) => {
      this.#leases.drop(held)
      const step = retriedSteps({ clock, random, log, signal: this.#finish.signal })
      try {
        const { task, token } = held
        await step('release', () =>
          repositories.samplingTasks.release({ key: keyOf(task), token, now: clock.now() }),
        )
      } catch (error) {
        log.warn(
          { ...keyOf(held.task), err: error },
          'a task could not be given back; its lease will run out',
        )
      }
    })
  }

  #fail(error: unknown): void {
    this.#failure ??= error
    this.#finish.abort()
  }
}

/** Work is cut off because its process stops. */
class StoppedError extends Error {
  override readonly name = 'StoppedError'

  constructor() {
    super('the process stops')
  }
}

/** A failure that every further task would meet too. */
function isHopeless(error: unknown): boolean {
  return (
    isStorageError(error, 'missing_schema') ||
    isStorageError(error, 'unauthenticated') ||
    isStorageError(error, 'forbidden')
  )
}
