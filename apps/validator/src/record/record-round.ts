import type {
  CallOptions,
  Clock,
  CycleScope,
  Logger,
  MinerWeightTrace,
  Repositories,
  WeightCycle,
} from '@subnetkit/core'

import { allItems } from '../all-items.ts'
import type { Metagraph } from '../ports/chain.ts'
import type { RecordStore } from '../ports/record-store.ts'
import { chainNeurons } from './chain-neurons.ts'
import { compareCycles } from './compare-cycles.ts'
import { madeAgain } from './made-again.ts'
import type { RecordAlarms } from './record-alarms.ts'
import type { RecordAttempt } from './record-attempt.ts'
import { keptFrom, readRecordHealth } from './record-health.ts'
import type { RecordMetrics } from './record-metrics.ts'
import type { MadeVector, RecordOutbox } from './record-outbox.ts'
import type { RecordSettings } from './record-settings.ts'
import type { WorkBudget } from './work-budget.ts'
import { writeTraces } from './write-traces.ts'

/** Cycles that one round compares. */
const COMPARED_PER_ROUND = 50
/** Cycles whose gaps are counted, and how often at most. */
const HEALTH_CYCLES = 100
const HEALTH_EVERY_MS = 60_000

/** What statistics are made of. */
export interface RecordStatisticsParams {
  readonly record: RecordStore
  /** The newest cycle. */
  readonly cycle: WeightCycle
  /** Of that cycle. */
  readonly traces: readonly MinerWeightTrace[]
  readonly metagraph: Metagraph
  readonly settings: RecordSettings
  readonly now: Date
  /** Told how long each slice of it held the thread, in ms. */
  readonly spend: (ms: number) => void
}

/** Computes and stores what is new in miners' statistics. */
export type RecordStatistics = (params: RecordStatisticsParams, options: CallOptions) => Promise<void>

/** What a round works with. */
export interface RecordRoundDeps {
  readonly scope: CycleScope
  readonly operational: Pick<Repositories, 'weightCycles' | 'minerScores'>
  readonly statistics: RecordStatistics
  readonly metrics: RecordMetrics
  readonly clock: Clock
  readonly log: Logger
  readonly outbox: RecordOutbox
  readonly budget: WorkBudget
  readonly alarms: RecordAlarms
  readonly attempt: RecordAttempt
  /** Waits while a pass over the weights is at work. @throws when the record has ended. */
  readonly standAside: () => Promise<void>
}

/**
 * One round of writing: what waits, then what a comparison with the operational store shows to be missing, the heavy
 * parts last. Each write is whole and may be repeated, so that a round that ends anywhere is finished by the next.
 */
export class RecordRound {
  readonly #deps: RecordRoundDeps
  /** Cycles that were sent and lack traces, by id. */
  readonly #untraced = new Set<string>()
  /** Those whose scores are gone: nothing can be done for them. */
  readonly #untraceable = new Set<string>()
  #comparison: { readonly cursor: string | null } | 'done' = { cursor: null }
  #isOff = false
  #isHeldBack = false
  #retentionDays: number | null = null
  #hadTraces = true
  /** Those of the newest cycle, while it is in memory. */
  #traced: { readonly cycle: WeightCycle; readonly traces: readonly MinerWeightTrace[] } | null = null
  #healthDueMs = Number.NEGATIVE_INFINITY
  #hasNews = true

  constructor(deps: RecordRoundDeps) {
    this.#deps = deps
  }

  /** What is known to be missing, besides what waits in the outbox. */
  get left(): number {
    return this.#isOff ? 0 : this.#untraced.size + (this.#comparison === 'done' ? 0 : 1)
  }

  /** The next rounds compare all cycles anew. */
  forgetComparison(): void {
    this.#comparison = { cursor: null }
  }

  /** Writes what can be written now. Failures are told by whoever makes the calls; they end a part and not the round. */
  async run(settings: RecordSettings, open: () => Promise<RecordStore | null>): Promise<void> {
    const { outbox } = this.#deps
    this.#isOff = !settings.enableRealtimeUpdates
    this.#isHeldBack = false
    if (this.#isOff) {
      outbox.clear()
      this.#untraced.clear()
      this.forgetComparison()
      return
    }
    if (settings.enableDetailedPathways !== this.#hadTraces) this.forgetComparison()
    this.#hadTraces = settings.enableDetailedPathways
    if (!settings.enableDetailedPathways) {
      outbox.vectors.clear()
      this.#untraced.clear()
    }
    if (!settings.enableChainIntegration) outbox.epochs.clear()
    if (outbox.size + this.left === 0 && settings.retentionDays === this.#retentionDays) return
    const record = await open()
    if (record === null) return
    await this.#setRetention(record, settings)
    await this.#writeCycles(record)
    await this.#writeEpochs(record)
    await this.#compare(record, settings)
    await this.#writeTraces(record, settings)
    await this.#writeStatistics(record, settings)
    await this.#lookAtHealth(record, settings)
  }

  async #setRetention(record: RecordStore, { retentionDays: days }: RecordSettings): Promise<void> {
    if (days === this.#retentionDays) return
    const isSet = await this.#deps.attempt('retention', async (options) => {
      await record.setRetention({ days }, options)
      return true
    })
    if (isSet !== null) this.#retentionDays = days
  }

  async #writeCycles(record: RecordStore): Promise<void> {
    const { cycles } = this.#deps.outbox
    for (const [cycleId, cycle] of cycles) {
      if (!(await this.#putCycle(record, cycle))) return
      if (cycles.get(cycleId) === cycle) cycles.delete(cycleId)
    }
  }

  async #putCycle({ repositories }: RecordStore, cycle: WeightCycle): Promise<boolean> {
    const isWritten = await this.#deps.attempt('cycle', async (options) => {
      await repositories.weightCycles.put({ cycle }, options)
      return true
    })
    this.#hasNews ||= isWritten === true
    return isWritten === true
  }

  async #writeEpochs({ repositories }: RecordStore): Promise<void> {
    const { outbox, attempt } = this.#deps
    const { chainSnapshots } = repositories
    for (const [epochBlock, metagraph] of outbox.epochs) {
      const neurons = chainNeurons(metagraph)
      const { netuid } = metagraph
      const isWritten = await attempt('epoch', async (options) => {
        // Who looked first has written it already, perhaps before a restart.
        const stored = await chainSnapshots.list({ netuid, epochBlock }, options)
        if (stored.length !== neurons.length) await chainSnapshots.put({ neurons }, options)
        return true
      })
      if (isWritten === null) return
      outbox.epochs.delete(epochBlock)
      this.#hasNews = true
    }
  }

  /** One page of cycles against the record: the newest first, the rest in later rounds. */
  async #compare(record: RecordStore, settings: RecordSettings): Promise<void> {
    const { attempt, clock, operational, outbox, scope } = this.#deps
    if (this.#comparison === 'done') return
    const { cursor } = this.#comparison
    const now = clock.now()
    const withTraces = settings.enableDetailedPathways
    const limit = COMPARED_PER_ROUND
    const found = await attempt('compare', async (options) =>
      compareCycles(
        { operational, record: record.repositories },
        { ...scope, from: keptFrom(now, settings), now, limit, cursor, withTraces },
        options,
      ),
    )
    if (found === null) return
    for (const { cycle, isBehind, missingTraces, canBeTraced } of found.cycles) {
      const { cycleId } = cycle
      if (isBehind && !outbox.cycles.has(cycleId)) {
        const whole = await this.#findCycle(cycleId)
        if (whole === null || !(await this.#putCycle(record, whole))) return
      }
      if (missingTraces === 0 || outbox.vectors.has(cycleId)) continue
      if (canBeTraced) this.#untraced.add(cycleId)
      else this.#giveUp(cycleId)
    }
    this.#comparison = found.nextCursor === null ? 'done' : { cursor: found.nextCursor }
  }

  async #findCycle(cycleId: string): Promise<WeightCycle | null> {
    const { attempt, operational, scope } = this.#deps
    return await attempt('compare', async (options) =>
      operational.weightCycles.find({ ...scope, cycleId }, options),
    )
  }

  #giveUp(cycleId: string): void {
    this.#untraced.delete(cycleId)
    if (this.#untraceable.has(cycleId)) return
    this.#untraceable.add(cycleId)
    this.#deps.log.warn({ cycleId }, 'a cycle stays without traces: they cannot be made from what is kept')
  }

  async #writeTraces(record: RecordStore, settings: RecordSettings): Promise<void> {
    const { budget, outbox } = this.#deps
    const waiting = outbox.vectors.size + this.#untraced.size
    if (waiting === 0) return
    const limitMs = settings.performanceImpactThreshold * 1_000
    const isLeftOut = (): boolean => budget.leavesOut('traces') || !budget.hasRoom(limitMs)
    for (const [cycleId, vector] of outbox.vectors) {
      if (isLeftOut()) break
      const isCurrent = (): boolean => outbox.vectors.get(cycleId) === vector
      if ((await this.#writeVector(record, vector, isCurrent)) && isCurrent()) outbox.vectors.delete(cycleId)
    }
    for (const cycleId of this.#untraced) {
      if (isLeftOut()) break
      await this.#traceAgain(record, cycleId)
    }
    this.#isHeldBack = isLeftOut()
  }

  async #traceAgain(record: RecordStore, cycleId: string): Promise<void> {
    const { attempt, clock, operational, outbox } = this.#deps
    const { metagraph } = outbox
    if (metagraph === null) return
    const found = await attempt('compare', async (options) => {
      const cycle = await operational.weightCycles.find({ ...this.#deps.scope, cycleId }, options)
      if (cycle === null) return { vector: null }
      return {
        vector: await madeAgain(operational.minerScores, { cycle, metagraph, now: clock.now() }, options),
      }
    })
    if (found === null) return
    if (found.vector === null) this.#giveUp(cycleId)
    else if (await this.#writeVector(record, found.vector, () => true)) this.#untraced.delete(cycleId)
  }

  /** Whether nothing is left to be done for the vector. */
  async #writeVector(
    { repositories }: RecordStore,
    vector: MadeVector,
    isCurrent: () => boolean,
  ): Promise<boolean> {
    const { minerWeightTraces } = repositories
    const written = await writeTraces({ ...this.#deps, minerWeightTraces }, vector, isCurrent)
    if (written.kind === 'impossible') this.#giveUp(vector.cycle.cycleId)
    if (written.kind === 'written') {
      this.#traced = { cycle: vector.cycle, traces: written.traces }
      this.#hasNews = true
    }
    return written.kind === 'written' || written.kind === 'impossible'
  }

  async #writeStatistics(record: RecordStore, settings: RecordSettings): Promise<void> {
    const { attempt, budget, clock, operational, outbox, scope, statistics } = this.#deps
    const { metagraph } = outbox
    if (!outbox.areStatisticsDue || metagraph === null) return
    if (budget.leavesOut('statistics') || !budget.hasRoom(settings.performanceImpactThreshold * 1_000)) {
      this.#isHeldBack = true
      return
    }
    outbox.areStatisticsDue = false
    const isWritten = await attempt('statistics', async (options) => {
      const cycle = await operational.weightCycles.findLatest(scope, options)
      if (cycle === null) return true
      const traces = settings.enableDetailedPathways ? await this.#tracesOf(record, cycle, options) : []
      const spend = (ms: number): void => budget.spend(ms, true)
      const now = clock.now()
      await statistics({ record, cycle, traces, metagraph, settings, now, spend }, options)
      return true
    })
    if (isWritten === null) outbox.areStatisticsDue = true
  }

  async #tracesOf(
    { repositories }: RecordStore,
    cycle: WeightCycle,
    options: CallOptions,
  ): Promise<readonly MinerWeightTrace[]> {
    if (this.#traced?.cycle.cycleId === cycle.cycleId) return this.#traced.traces
    const { cycleId } = cycle
    const traces: MinerWeightTrace[] = []
    const stored = allItems((page) =>
      repositories.minerWeightTraces.list({ ...this.#deps.scope, cycleId, ...page }, options),
    )
    for await (const trace of stored) traces.push(trace)
    return traces
  }

  /** Gaps are counted when nothing waits that would fill them. */
  async #lookAtHealth(record: RecordStore, settings: RecordSettings): Promise<void> {
    const { alarms, attempt, clock, metrics, operational, outbox, scope, standAside } = this.#deps
    const isBusy = (): boolean => outbox.size + this.left > 0 && !this.#isHeldBack
    if (isBusy() || !this.#hasNews || clock.monotonicMs() < this.#healthDueMs) return
    const health = await attempt('health', async (options) =>
      readRecordHealth(
        { operational, record },
        { ...scope, settings, now: clock.now(), cycles: HEALTH_CYCLES },
        options,
      ),
    )
    // A pass that came in between may have stored what the record cannot have yet.
    await standAside()
    if (health === null || isBusy()) return
    this.#hasNews = false
    this.#healthDueMs = clock.monotonicMs() + HEALTH_EVERY_MS
    const { cycles, miners, epochs } = health.gaps
    metrics.gaps(health.gaps)
    metrics.tables(health.tables)
    alarms.look('gaps', cycles + miners + epochs, settings.warnAbove)
    alarms.look('tableBytes', health.tableBytes, settings.warnAbove)
  }
}
