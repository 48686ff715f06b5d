import type { MinerPerformance, PerformancePeriod } from '@subnetkit/core'

import { plainTable, shortHotkey } from '../plain-table.ts'

/** What is told of a number that is not known. */
const UNKNOWN = '–'

/** A period's miners for a person, a line each, in their order. Fits 100 columns. */
export function statsTable(period: PerformancePeriod, miners: readonly MinerPerformance[]): string {
  const head = [
    '#',
    'hotkey',
    'uid',
    'score',
    'scored',
    'answered',
    'uptime',
    'fails',
    'trend',
    'weight',
    'incentive',
  ]
  const rows = miners.map((miner) => [
    miner.overallRank === null ? UNKNOWN : String(miner.overallRank),
    shortHotkey(miner.minerHotkey),
    String(miner.minerUid),
    plain(miner.overallAvgScore),
    String(miner.totalTasksScored),
    share(miner.overallSuccessRate),
    miner.uptimePercentage === null ? UNKNOWN : `${miner.uptimePercentage.toFixed(1)}%`,
    String(miner.consecutiveFailures),
    miner.performanceTrend === 'insufficient_data' ? UNKNOWN : miner.performanceTrend,
    share(miner.submittedWeight),
    share(miner.incentive),
  ])
  return `${periodText(period)}\n${plainTable(head, rows)}`
}

/** A period as a person names it: `Day 2025-07-23`, `All time`. */
export function periodText({ type, start, end }: PerformancePeriod): string {
  const first = start.toISOString().slice(0, 10)
  switch (type) {
    case 'daily':
      return `Day ${first} (UTC)`
    case 'weekly':
      return `Week ${first} to ${new Date(end.getTime() - 1).toISOString().slice(0, 10)} (UTC)`
    case 'monthly':
      return `Month ${first.slice(0, 7)} (UTC)`
    case 'all_time':
      return 'All time'
  }
}

/** Six digits after the point, without trailing zeros; a dash for null. */
export function plain(value: number | null): string {
  return value === null ? UNKNOWN : String(Number(value.toFixed(6)))
}

/** A share as per cent; a dash for null. */
export function share(value: number | null): string {
  return value === null ? UNKNOWN : `${(value * 100).toFixed(2)}%`
}
