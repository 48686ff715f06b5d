import {
  periodTypes,
  type AttemptSums,
  type CallOptions,
  type CycleScope,
  type MinerAtUid,
  type MinerPerformance,
  type PerformancePeriod,
  type TaskScoreSummary,
} from '@subnetkit/core'

import { allItems } from '../all-items.ts'
import { computePerformance } from '../performance/compute-performance.ts'
import { keepWeights } from '../performance/keep-weights.ts'
import { minerName } from '../performance/performance-input.ts'
import { periodOf } from '../performance/period-of.ts'
import { inSlices, readTrends, type RecordPeriodDeps } from './record-period.ts'

const DAY_MS = 86_400_000

/** Days, weeks and months with a day in [from, to) that were over at `to`, in the order in which they ended. */
export function periodsEnded(from: Date, to: Date): readonly PerformancePeriod[] {
  const ended = new Map<string, PerformancePeriod>()
  for (let at = periodOf('daily', from).start.getTime(); at < to.getTime(); at += DAY_MS) {
    for (const type of periodTypes) {
      const period = periodOf(type, new Date(at))
      if (period.end <= to) ended.set(`${type} ${period.start.getTime()}`, period)
    }
  }
  return [...ended.values()].toSorted((a, b) => a.end.getTime() - b.end.getTime())
}

/**
 * Computes a period that is over from what is on record, for the miners that have a row or events in it. What rows have
 * of weights and incentive is kept; who was deregistered within the period stays so.
 */
export async function recordPastPeriod(
  { taskScores, minerPerformances }: RecordPeriodDeps,
  params: CycleScope & Readonly<{ period: PerformancePeriod; now: Date }>,
  options?: CallOptions,
): Promise<Readonly<{ rows: number }>> {
  const { netuid, validatorHotkey, period, now } = params
  const scope = { netuid, validatorHotkey }
  const window = { ...scope, from: period.start, to: period.end }
  const attempts = await minerPerformances.listAttempts(window, options)
  const scores = await taskScores.listSummaries(window, options)
  const former = new Map<string, MinerPerformance>()
  const stored = allItems<MinerPerformance>((page) =>
    minerPerformances.list({ ...scope, period, ...page }, options),
  )
  for await (const row of stored) former.set(minerName(row.minerUid, row.minerHotkey), row)
  const miners: MinerAtUid[] = [...former.values()]
  for (const miner of minersOf(attempts, scores)) {
    if (former.has(minerName(miner.minerUid, miner.minerHotkey))) continue
    // A row that is not listed is that of a deregistered miner.
    const buried =
      former.size === 0 ? null : await minerPerformances.find({ ...scope, period, ...miner }, options)
    if (buried === null) miners.push(miner)
  }
  if (miners.length === 0) return { rows: 0 }
  const computed = computePerformance({
    ...scope,
    period,
    miners: miners.map(({ minerUid, minerHotkey }) => ({ minerUid, minerHotkey })),
    attempts,
    scores,
    trends: await readTrends(taskScores, params, options),
    traces: [],
    neurons: [],
    weightSubmissionBlock: null,
    calculatedAt: now,
  })
  const performances = computed.map((row) => {
    const old = former.get(minerName(row.minerUid, row.minerHotkey))
    return old === undefined ? row : keepWeights(row, old)
  })
  return await minerPerformances.put({ performances: inSlices(performances) }, options)
}

function minersOf(
  attempts: readonly AttemptSums[],
  scores: readonly TaskScoreSummary[],
): Iterable<MinerAtUid> {
  const miners = new Map<string, MinerAtUid>()
  for (const { minerUid, minerHotkey } of attempts) {
    miners.set(minerName(minerUid, minerHotkey), { minerUid, minerHotkey })
  }
  for (const { uid, hotkey } of scores) {
    miners.set(minerName(uid, hotkey), { minerUid: uid, minerHotkey: hotkey })
  }
  return miners.values()
}
