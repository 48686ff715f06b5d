import type { CallOptions, CycleScope, Repositories, WeightCycleSummary } from '@subnetkit/core'

import { allItems } from '../all-items.ts'
import type { RecordRepositories } from '../ports/record-store.ts'

/** What a comparison reads. */
export interface CompareCyclesDeps {
  /** What the validator acts by. */
  readonly operational: Pick<Repositories, 'weightCycles' | 'minerScores'>
  readonly record: Pick<RecordRepositories, 'weightCycles' | 'minerWeightTraces'>
}

/** Which cycles are compared. */
export interface CompareCyclesParams extends CycleScope {
  /** Created at this moment or later: traces of older ones have run out. */
  readonly from: Date
  readonly now: Date
  /** Cycles of one page. */
  readonly limit: number
  readonly cursor: string | null
  /** Whether traces are kept at all. */
  readonly withTraces: boolean
}

/** A cycle, and what the record has of it. */
export interface ComparedCycle {
  readonly cycle: WeightCycleSummary
  /** Whether the record lacks its newest state. */
  readonly isBehind: boolean
  /** Scored miners whose trace is missing, or older than what was sent last. */
  readonly missingTraces: number
  /** Whether no miner has a trace. */
  readonly isUntraced: boolean
  /** Whether the scores that traces are made of are still there. */
  readonly canBeTraced: boolean
}

/** One page of cycles, newest first, held against the record: what a failure or a crash left out is seen here. */
export async function compareCycles(
  deps: CompareCyclesDeps,
  params: CompareCyclesParams,
  options?: CallOptions,
): Promise<Readonly<{ cycles: readonly ComparedCycle[]; nextCursor: string | null }>> {
  const { netuid, validatorHotkey, from, now, limit, cursor, withTraces } = params
  const scope = { netuid, validatorHotkey }
  const { weightCycles } = deps.operational
  const { items, nextCursor } = await weightCycles.listSummaries({ ...scope, from, limit, cursor }, options)
  const recorded = await recordedOf(deps.record.weightCycles, scope, items, options)
  const cycles: ComparedCycle[] = []
  for (const cycle of items) {
    const kept = recorded.get(cycle.cycleId)
    const isBehind = kept?.state !== cycle.state || kept.updatedAt.getTime() !== cycle.updatedAt.getTime()
    const traces =
      withTraces && cycle.attempts > 0
        ? await compareTraces(deps, { scope, cycle, now }, options)
        : { missingTraces: 0, isUntraced: false, canBeTraced: false }
    cycles.push({ cycle, isBehind, ...traces })
  }
  return { cycles, nextCursor }
}

async function recordedOf(
  weightCycles: RecordRepositories['weightCycles'],
  scope: CycleScope,
  cycles: readonly WeightCycleSummary[],
  options: CallOptions | undefined,
): Promise<ReadonlyMap<string, Pick<WeightCycleSummary, 'state' | 'updatedAt'>>> {
  const [newest, oldest] = [cycles.at(0), cycles.at(-1)]
  if (newest === undefined || oldest === undefined) return new Map()
  const to = new Date(newest.createdAt.getTime() + 1)
  const found = new Map<string, Pick<WeightCycleSummary, 'state' | 'updatedAt'>>()
  const listed = allItems((page) =>
    weightCycles.listSummaries({ ...scope, from: oldest.createdAt, to, ...page }, options),
  )
  for await (const cycle of listed) found.set(cycle.cycleId, cycle)
  // One that was prepared twice may stand elsewhere in time.
  for (const { cycleId } of cycles) {
    if (found.has(cycleId)) continue
    const cycle = await weightCycles.find({ ...scope, cycleId }, options)
    if (cycle !== null) found.set(cycleId, cycle)
  }
  return found
}

async function compareTraces(
  { operational, record }: CompareCyclesDeps,
  params: Readonly<{ scope: CycleScope; cycle: WeightCycleSummary; now: Date }>,
  options: CallOptions | undefined,
): Promise<Pick<ComparedCycle, 'missingTraces' | 'isUntraced' | 'canBeTraced'>> {
  const { scope, cycle, now } = params
  const key = { ...scope, cycleId: cycle.cycleId }
  const snapshot = await operational.minerScores.findSnapshot(
    { blockNumber: cycle.snapshotBlock, now },
    options,
  )
  const canBeTraced = snapshot?.snapshotId === cycle.snapshotId
  const wanted = canBeTraced ? snapshot.minerCount : cycle.weightedMiners
  const count = await record.minerWeightTraces.count(key, options)
  const isUntraced = count === 0 && wanted > 0
  // A cycle that was sent again has a newer vector: traces of the one before say what was not sent.
  const outdated =
    cycle.attempts > 1 && count > 0 ? await countBefore(record, key, lastSubmission(cycle), options) : 0
  return {
    missingTraces: Math.min(wanted, Math.max(0, wanted - count) + outdated),
    isUntraced,
    canBeTraced,
  }
}

async function countBefore(
  { minerWeightTraces }: Pick<RecordRepositories, 'minerWeightTraces'>,
  key: CycleScope & Readonly<{ cycleId: string }>,
  moment: Date,
  options: CallOptions | undefined,
): Promise<number> {
  let count = 0
  for await (const trace of allItems((page) => minerWeightTraces.list({ ...key, ...page }, options))) {
    if (trace.createdAt < moment) count += 1
  }
  return count
}

/** When the vector that stands now was sent. */
function lastSubmission({ steps, updatedAt }: Pick<WeightCycleSummary, 'steps' | 'updatedAt'>): Date {
  return steps.findLast(({ state }) => state === 'submitted')?.at ?? updatedAt
}
