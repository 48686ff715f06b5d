import {
  ALL_TIME_END,
  ALL_TIME_START,
  type CallOptions,
  type ChainNeuron,
  type CycleScope,
  type IncentivePoint,
  type MinerPerformance,
  type MinerWeightTrace,
  type Page,
  type PageParams,
  type PerformancePeriod,
  type PeriodType,
  StorageError,
  summariseWeightCycle,
  type WeightCycle,
  type WeightCycleSummary,
  type WeightPoint,
} from '@subnetkit/core'
import { RequestRefusal } from '@subnetkit/core/http'

import type { RecordRepositories } from '../ports/record-store.ts'
import { BoundedCache } from './bounded-cache.ts'
import { CycleIndex, publicPoints } from './cycle-index.ts'
import { type LeaderboardParams, type LeaderboardRow, leaderboardRows } from './leaderboard.ts'
import type { RecordAccess } from './record-access.ts'
import { isPublic, withoutWeights } from './visibility.ts'

/** A subnet has 65,536 uids at most; the largest ones have a few hundred. */
const ALL = 10_000
const CACHED_CYCLES = 16
/** Traces of a whole cycle are large. */
const CACHED_TRACES = 4
/** Trends older than this are read again beside the answer, which does not wait for them. */
const FRESH_TRENDS_MS = 60_000

/** Which record, and to whom it is told. */
export interface PublishedRecordParams {
  readonly record: Pick<RecordAccess, 'read'>
  readonly scope: CycleScope
  /** An operator's own page: cycles whose numbers the chain does not show yet are shown whole. */
  readonly showUnrevealed: boolean
  readonly now: () => Date
}

/** A cycle, and whether its numbers are told. */
export interface PublishedCycle {
  readonly summary: WeightCycleSummary
  readonly areWeightsShown: boolean
}

/** The miners of the newest cycle whose numbers may be told. */
export interface PublishedLeaderboard {
  /** Null while no cycle may be told. */
  readonly cycle: PublishedCycle | null
  readonly epochBlock: number | null
  readonly epochSeenAt: Date | null
  readonly rows: readonly LeaderboardRow[]
}

/** One miner's way in one cycle. */
export interface PublishedPipeline {
  readonly summary: WeightCycleSummary
  readonly trace: MinerWeightTrace
}

/** What the first epoch that ran on a cycle's weights gave; null before that, and where that epoch was not kept. */
export function incentiveOf(
  { effectiveBlock }: Pick<WeightCycleSummary, 'effectiveBlock'>,
  newestFirst: readonly IncentivePoint[],
): IncentivePoint | null {
  if (effectiveBlock === null) return null
  return newestFirst.findLast(({ epochBlock }) => epochBlock >= effectiveBlock) ?? null
}

/** One miner over time, newest first. */
export interface PublishedHistory {
  readonly weights: readonly WeightPoint[]
  readonly incentives: readonly IncentivePoint[]
}

/** One epoch of the chain. */
export interface PublishedEpoch {
  readonly epochBlock: number
  readonly neurons: readonly ChainNeuron[]
}

/**
 * The record as everybody may read it: what would let somebody copy weights before the chain shows them is left out.
 * What cannot change any more is kept, up to a bound.
 */
export class PublishedRecord {
  readonly #params: PublishedRecordParams
  readonly #index: CycleIndex
  readonly #cycles = new BoundedCache<WeightCycle>(CACHED_CYCLES)
  #leaderboard: Readonly<{ key: string; trends: KeptTrends; board: PublishedLeaderboard }> | null = null
  #trends: KeptTrends | null = null
  readonly #traces = new BoundedCache<readonly MinerWeightTrace[]>(CACHED_TRACES)

  constructor(params: PublishedRecordParams) {
    this.#params = params
    this.#index = new CycleIndex(params.scope)
  }

  /** Reads ahead what the first question would have to wait for. */
  async warm(record: RecordRepositories): Promise<void> {
    await this.#readLeaderboard(record, undefined)
  }

  /** Cycles newest first, without any numbers. */
  async listCycles(page: PageParams, options?: CallOptions): Promise<Page<PublishedCycle>> {
    const { record, scope } = this.#params
    const { items, nextCursor } = await record.read(async ({ weightCycles }) =>
      weightCycles.listSummaries({ ...scope, ...page }, options),
    )
    return { items: items.map((summary) => this.#published(summary)), nextCursor }
  }

  /** One cycle; its `weights` are empty when they are not told. @throws StorageError `not_found`. */
  async getCycle(
    cycleId: string,
    options?: CallOptions,
  ): Promise<WeightCycle & Pick<PublishedCycle, 'areWeightsShown'>> {
    const cycle = await this.#params.record.read(async (record) => this.#findCycle(record, cycleId, options))
    if (cycle === null) throw noCycle(cycleId)
    const areWeightsShown = this.#isShown(cycle)
    return { ...cycle, weights: areWeightsShown ? cycle.weights : [], areWeightsShown }
  }

  /** Who has which weight, by the newest cycle that may be told. */
  async leaderboard(options?: CallOptions): Promise<PublishedLeaderboard> {
    return await this.#params.record.read(async (record) => this.#readLeaderboard(record, options))
  }

  /**
   * One miner's way in one cycle, the newest one that may be told when `cycleId` is null.
   *
   * @throws StorageError `not_found` without such a cycle or without the miner in it; RequestRefusal `not_revealed`.
   */
  async getPipeline(
    { hotkey, cycleId }: Readonly<{ hotkey: string; cycleId: string | null }>,
    options?: CallOptions,
  ): Promise<PublishedPipeline> {
    const { record, scope } = this.#params
    return await record.read(async (repositories) => {
      const summary = await this.#cycleToTell(repositories, cycleId, options)
      const kept = this.#traces.find(summary.cycleId)?.find((one) => one.hotkey === hotkey)
      const trace =
        kept ??
        (await repositories.minerWeightTraces.find({ ...scope, cycleId: summary.cycleId, hotkey }, options))
      if (trace !== null) return { summary, trace }
      throw notFound(
        `there is no trace of ${hotkey} in cycle ${summary.cycleId}; /v1/leaderboard lists who has one`,
      )
    })
  }

  /** One miner's weights and incentive, newest first. */
  async history(
    { hotkey, limit }: Readonly<{ hotkey: string; limit: number }>,
    options?: CallOptions,
  ): Promise<PublishedHistory> {
    const { record, scope, showUnrevealed, now } = this.#params
    return await record.read(async ({ chainSnapshots, minerWeightTraces, weightCycles }) => {
      const [weights, incentives, { states }] = await Promise.all([
        minerWeightTraces.listPoints({ ...scope, hotkey, limit }, options),
        chainSnapshots.listPoints({ netuid: scope.netuid, hotkey, limit }, options),
        this.#index.read(weightCycles, now()),
      ])
      return { weights: showUnrevealed ? weights : publicPoints(weights, states), incentives }
    })
  }

  /** The miners of a period by rank. */
  async listPerformances(
    { period, ...page }: Readonly<{ period: PerformancePeriod }> & PageParams,
    options?: CallOptions,
  ): Promise<Page<MinerPerformance>> {
    const { scope } = this.#params
    return await this.#performances(async ({ minerPerformances }) =>
      minerPerformances.list({ ...scope, period, ...page }, options),
    )
  }

  /** One miner's periods of a type, newest first. */
  async listMinerPerformances(
    params: Readonly<{ minerHotkey: string; periodType: PeriodType }> & PageParams,
    options?: CallOptions,
  ): Promise<Page<MinerPerformance>> {
    const { scope } = this.#params
    return await this.#performances(async ({ minerPerformances }) =>
      minerPerformances.listHistory({ ...scope, ...params }, options),
    )
  }

  /** The last epoch that was kept, or null. */
  async findLastEpoch(options?: CallOptions): Promise<PublishedEpoch | null> {
    return await this.#params.record.read(async (record) => this.#lastEpoch(record, options))
  }

  async #performances(
    question: (record: RecordRepositories) => Promise<Page<MinerPerformance>>,
  ): Promise<Page<MinerPerformance>> {
    const { record, showUnrevealed, now } = this.#params
    return await record.read(async (repositories) => {
      const [page, { states }] = await Promise.all([
        question(repositories),
        this.#index.read(repositories.weightCycles, now()),
      ])
      if (showUnrevealed) return page
      const items = page.items.map((performance) => {
        const state = performance.cycleId === null ? undefined : states.get(performance.cycleId)
        return state !== undefined && isPublic({ state }) ? performance : withoutWeights(performance)
      })
      return { items, nextCursor: page.nextCursor }
    })
  }

  async #readLeaderboard(
    repositories: RecordRepositories,
    options: CallOptions | undefined,
  ): Promise<PublishedLeaderboard> {
    const { scope, now } = this.#params
    const { netuid } = scope
    const { chainSnapshots, weightCycles } = repositories
    const [summary, epochBlock, trends] = await Promise.all([
      this.#newestShown(repositories, options),
      chainSnapshots.findLatestEpoch({ netuid }, options),
      this.#keptTrends(repositories, now()),
    ])
    const key = `${summary?.cycleId ?? ''} ${summary?.state ?? ''} ${epochBlock ?? ''}`
    const kept = this.#leaderboard
    if (kept?.key === key && kept.trends === trends) return kept.board
    const [neurons, traces] = await Promise.all([
      epochBlock === null ? [] : chainSnapshots.list({ netuid, epochBlock }, options),
      summary === null ? [] : this.#tracesOf(repositories, summary, options),
    ])
    const withoutTraces = summary !== null && traces.length === 0
    const cycle = withoutTraces
      ? await weightCycles.find({ ...scope, cycleId: summary.cycleId }, options)
      : null
    const board: PublishedLeaderboard = {
      cycle: summary === null ? null : this.#published(summary),
      epochBlock,
      epochSeenAt: neurons[0]?.observedAt ?? null,
      rows: leaderboardRows({
        cycle: cycle ?? { weights: [] },
        traces,
        neurons,
        performances: trends.performances,
      }),
    }
    this.#leaderboard = { key, trends, board }
    return board
  }

  /** Statistics of all miners, which take longest of all; only the first question waits for them. */
  async #keptTrends({ minerPerformances }: RecordRepositories, now: Date): Promise<KeptTrends> {
    const { scope } = this.#params
    const at = now.getTime()
    const kept = this.#trends
    if (kept !== null && at - kept.at < FRESH_TRENDS_MS) return kept
    const read = async (): Promise<KeptTrends> => {
      const { items } = await minerPerformances.list({ ...scope, period: ALL_TIME, limit: ALL })
      return (this.#trends = { at, performances: items })
    }
    if (kept === null) return await read()
    this.#trends = { at, performances: kept.performances }
    // A failure shows in the questions that are waited for; these are asked again in a minute.
    void read().catch(() => undefined)
    return this.#trends
  }

  /** The newest cycle that may be told and was sent at all. */
  async #newestShown(
    { weightCycles }: RecordRepositories,
    options: CallOptions | undefined,
  ): Promise<WeightCycleSummary | null> {
    const { scope, now } = this.#params
    const { newest, states } = await this.#index.read(weightCycles, now())
    const shown = newest.find((summary) => summary.attempts > 0 && this.#isShown(summary))
    if (shown !== undefined || states.size <= newest.length) return shown ?? null
    const found = await weightCycles.findLatest({ ...scope, states: ['revealed', 'effective'] }, options)
    return found === null ? null : summariseWeightCycle(found)
  }

  async #cycleToTell(
    record: RecordRepositories,
    cycleId: string | null,
    options: CallOptions | undefined,
  ): Promise<WeightCycleSummary> {
    if (cycleId === null) {
      const newest = await this.#newestShown(record, options)
      if (newest !== null) return newest
      throw notFound('no weights may be told yet; /v1/cycles tells how the newest ones stand')
    }
    const cycle = await this.#findCycle(record, cycleId, options)
    if (cycle === null) throw noCycle(cycleId)
    if (!this.#isShown(cycle)) throw notRevealed(cycle)
    return summariseWeightCycle(cycle)
  }

  async #findCycle(
    { weightCycles }: RecordRepositories,
    cycleId: string,
    options: CallOptions | undefined,
  ): Promise<WeightCycle | null> {
    const kept = this.#cycles.find(cycleId)
    if (kept !== null) return kept
    const cycle = await weightCycles.find({ ...this.#params.scope, cycleId }, options)
    if (cycle?.state === 'effective') this.#cycles.keep(cycleId, cycle)
    return cycle
  }

  async #tracesOf(
    { minerWeightTraces }: RecordRepositories,
    { cycleId, state }: WeightCycleSummary,
    options: CallOptions | undefined,
  ): Promise<readonly MinerWeightTrace[]> {
    const kept = this.#traces.find(cycleId)
    if (kept !== null) return kept
    const { scope } = this.#params
    const { items } = await minerWeightTraces.list({ ...scope, cycleId, limit: ALL }, options)
    if (state === 'effective' && items.length > 0) this.#traces.keep(cycleId, items)
    return items
  }

  async #lastEpoch(
    { chainSnapshots }: RecordRepositories,
    options: CallOptions | undefined,
  ): Promise<PublishedEpoch | null> {
    const { netuid } = this.#params.scope
    const epochBlock = await chainSnapshots.findLatestEpoch({ netuid }, options)
    if (epochBlock === null) return null
    return { epochBlock, neurons: await chainSnapshots.list({ netuid, epochBlock }, options) }
  }

  #published(summary: WeightCycleSummary): PublishedCycle {
    return { summary, areWeightsShown: this.#isShown(summary) }
  }

  #isShown(cycle: Pick<WeightCycle, 'state'>): boolean {
    return this.#params.showUnrevealed || isPublic(cycle)
  }
}

/** When statistics were read, and what of them a leaderboard shows. */
interface KeptTrends {
  readonly at: number
  readonly performances: LeaderboardParams['performances']
}

const ALL_TIME: PerformancePeriod = { type: 'all_time', start: ALL_TIME_START, end: ALL_TIME_END }

function noCycle(cycleId: string): StorageError {
  return notFound(`there is no cycle ${cycleId}; /v1/cycles lists them`)
}

function notFound(message: string): StorageError {
  return new StorageError({ code: 'not_found', message })
}

function notRevealed({ cycleId, state }: WeightCycle): RequestRefusal {
  return new RequestRefusal({
    status: 409,
    code: 'not_revealed',
    message: `the weights of cycle ${cycleId} (${state}) are told once the chain shows them`,
    hint: 'ask again when it is revealed, or leave the cycle out for the newest one that may be told',
  })
}
