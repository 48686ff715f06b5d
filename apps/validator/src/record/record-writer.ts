import type { Clock, CycleScope, Logger, Repositories } from '@subnetkit/core'

import type { CycleChange } from '../cycles/run-weight-cycle.ts'
import type { RecordStore } from '../ports/record-store.ts'
import { RecordAlarms } from './record-alarms.ts'
import { type RecordAttempt, recordAttempts } from './record-attempt.ts'
import { consensusDelay } from './record-health.ts'
import type { RecordMetrics } from './record-metrics.ts'
import { RecordOutbox } from './record-outbox.ts'
import { RecordRound, type RecordStatistics } from './record-round.ts'
import { SettingsInForce } from './settings-in-force.ts'
import { WorkBudget } from './work-budget.ts'

/** Pauses after a failure: doubled each time, up to a minute. */
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 60_000
/** Between two looks whether something is left, at the end. */
const FLUSH_PAUSE_MS = 100

/** What the writer works with. */
export interface RecordWriterDeps {
  /** Whose cycles. */
  readonly scope: CycleScope
  /** Opens the record; asked for only when there is something to write, and again after it was lost. */
  readonly open: (options: { readonly signal: AbortSignal }) => Promise<RecordStore>
  /** What the validator acts by. */
  readonly operational: Pick<Repositories, 'systemConfig' | 'weightCycles' | 'minerScores'>
  readonly statistics: RecordStatistics
  readonly metrics: RecordMetrics
  readonly clock: Clock
  readonly log: Logger
  /** Ends everything at once. */
  readonly signal: AbortSignal
}

/**
 * Keeps the record of what happens to weights behind the back of whoever makes them. A change is taken and left lying
 * until the pass is over; then it is written, while nobody waits. What fails, hangs or costs too much is tried again
 * later, and what a crash left out is found by comparing the record with the store that weights are made by: the record
 * may lag, weights never do.
 */
export class RecordWriter implements AsyncDisposable {
  readonly #deps: RecordWriterDeps
  readonly #outbox = new RecordOutbox()
  readonly #budget = new WorkBudget()
  readonly #settings: SettingsInForce
  readonly #alarms: RecordAlarms
  readonly #ended = new AbortController()
  readonly #end: Promise<void>
  readonly #attempt: RecordAttempt
  readonly #round: RecordRound
  #store: RecordStore | null = null
  #working: Promise<void> | null = null
  #isAskedAgain = false
  #pass: Promise<void> | null = null
  #failures = 0
  #failuresInRound = 0
  #pausedUntilMs = 0
  #toldDropped = 0

  constructor(deps: RecordWriterDeps) {
    this.#deps = deps
    this.#settings = new SettingsInForce(deps.log)
    this.#alarms = new RecordAlarms(deps.log)
    this.#end = new Promise((resolve) => {
      this.#ended.signal.addEventListener('abort', () => resolve(), { once: true })
    })
    deps.signal.addEventListener('abort', this.#stop, { once: true })
    if (deps.signal.aborted) this.#stop()
    const standAside = async (): Promise<void> => await this.#standAside()
    this.#attempt = recordAttempts({
      ...deps,
      budget: this.#budget,
      standAside,
      signal: this.#ended.signal,
      onFailure: () => {
        this.#failuresInRound += 1
      },
    })
    this.#round = new RecordRound({
      ...deps,
      outbox: this.#outbox,
      budget: this.#budget,
      alarms: this.#alarms,
      attempt: this.#attempt,
      standAside,
    })
  }

  /** How much waits, what a comparison found included. */
  get left(): number {
    return this.#outbox.size + this.#round.left
  }

  /** Takes a change and returns at once. */
  readonly note = (change: CycleChange): void => {
    const isNewEpoch = this.#outbox.note(change)
    const { metrics } = this.#deps
    const { cycle, metagraph } = change
    const limits = this.#settings.current.warnAbove
    const effective = cycle === null ? null : consensusDelay(cycle)
    if (effective !== null) {
      metrics.delay('effective', effective)
      this.#alarms.look('consensusDelayBlocks', effective, limits)
    }
    if (isNewEpoch) metrics.delay('observed', metagraph.blockNumber - metagraph.epochBlock)
  }

  /** Runs a pass over the weights; the record stands aside until it is over. */
  async around<T>(pass: () => Promise<T>): Promise<T> {
    this.#turnBudget()
    let end = (): void => undefined
    this.#pass = new Promise((resolve) => {
      end = resolve
    })
    try {
      return await pass()
    } finally {
      this.#pass = null
      end()
      // A round that is at its end may have passed by what was noted just now.
      this.#isAskedAgain = this.#working !== null
      this.#begin()
    }
  }

  /** Writes what is left, for so many milliseconds at most; gives how much is left then. */
  async flush(withinMs: number): Promise<number> {
    const { clock } = this.#deps
    const endMs = clock.monotonicMs() + withinMs
    const { signal } = this.#ended
    this.#pausedUntilMs = 0
    this.#budget.lift()
    while (clock.monotonicMs() < endMs && !signal.aborted) {
      this.#begin()
      const waited = new AbortController()
      const timeIsUp = clock.sleep(endMs - clock.monotonicMs(), waited.signal).catch(() => undefined)
      await Promise.race([this.#working, timeIsUp, this.#end])
      waited.abort()
      if (this.#working === null && this.left === 0) break
      if (this.#working === null) await clock.sleep(FLUSH_PAUSE_MS, signal).catch(() => undefined)
    }
    return this.left
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop()
    this.#deps.signal.removeEventListener('abort', this.#stop)
    await this.#working
    await this.#store?.[Symbol.asyncDispose]()
    this.#store = null
  }

  readonly #stop = (): void => this.#ended.abort()

  #turnBudget(): void {
    const { log, metrics } = this.#deps
    const limitSeconds = this.#settings.current.performanceImpactThreshold
    const { spentMs, isOver, restPasses } = this.#budget.turn(limitSeconds * 1_000)
    metrics.spent(spentMs, isOver)
    if (!isOver) return
    const leftOut = this.#budget.leavesOut('traces') ? 'statistics and traces' : 'statistics'
    log.warn(
      { spentSeconds: spentMs / 1_000, limitSeconds, restPasses },
      `the record took too much of a pass; ${leftOut} wait, and are caught up later`,
    )
  }

  /** Begins to write what waits, unless that goes on already or a failure was a moment ago. */
  #begin(): void {
    const { clock } = this.#deps
    if (this.#working !== null || this.#ended.signal.aborted) return
    if (clock.monotonicMs() < this.#pausedUntilMs) return
    this.#working = this.#write().finally(() => {
      this.#working = null
      if (!this.#isAskedAgain) return
      this.#isAskedAgain = false
      this.#begin()
    })
  }

  async #write(): Promise<void> {
    const { clock, log, operational } = this.#deps
    try {
      this.#failuresInRound = 0
      const read = await this.#attempt('settings', async (options) => {
        await this.#settings.read(operational.systemConfig, options)
      })
      if (read === null) return
      this.#tellDropped()
      await this.#round.run(this.#settings.current, async () => await this.#opened())
    } catch (error) {
      if (!this.#ended.signal.aborted)
        log.error({ err: error }, 'the record was not written; weights are not affected')
    } finally {
      this.#failures = this.#failuresInRound === 0 ? 0 : this.#failures + this.#failuresInRound
      const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(10, this.#failures - 1))
      this.#pausedUntilMs = this.#failures === 0 ? 0 : clock.monotonicMs() + pause
      this.#alarms.look('failures', this.#failures, this.#settings.current.warnAbove)
    }
  }

  /** The record, opened when it is not yet; null when it cannot be. */
  async #opened(): Promise<RecordStore | null> {
    if (this.#store?.lost.aborted === true) {
      await this.#store[Symbol.asyncDispose]()
      this.#store = null
      this.#round.forgetComparison()
    }
    this.#store ??= await this.#attempt('open', async ({ signal }) => await this.#openOrClose(signal))
    return this.#store
  }

  /** A record that opens when nobody waits for it any more is closed again. */
  async #openOrClose(signal: AbortSignal): Promise<RecordStore> {
    const store = await this.#deps.open({ signal })
    if (!signal.aborted) return store
    await store[Symbol.asyncDispose]()
    throw signal.reason
  }

  #tellDropped(): void {
    const dropped = this.#outbox.dropped - this.#toldDropped
    if (dropped === 0) return
    this.#toldDropped = this.#outbox.dropped
    this.#deps.metrics.dropped(dropped)
    this.#deps.log.warn(
      { dropped },
      'the record fell behind and gave changes up; a comparison finds them again',
    )
    this.#round.forgetComparison()
  }

  /** Waits while a pass is at work. @throws when the record has ended. */
  async #standAside(): Promise<void> {
    while (this.#pass !== null) await Promise.race([this.#pass, this.#end])
    this.#ended.signal.throwIfAborted()
  }
}
