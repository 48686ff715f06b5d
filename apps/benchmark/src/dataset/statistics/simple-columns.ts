import { DAY_MS } from '../calendar.ts'
import type { AccountActivity } from './account-activity.ts'
import { labelMarks } from './account-activity.ts'

type Column = (account: AccountActivity) => number

/** A part of a whole, 0 where there is no whole. */
function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}

/** How evenly the hours of the day are used, in [0, 1): as entropy says it, in whole numbers, so that every Node agrees. */
function hourEvenness({ hourOfDay, count }: AccountActivity): number {
  return (
    1 -
    share(
      hourOfDay.reduce((sum, hits) => sum + hits * hits, 0),
      count * count,
    )
  )
}

function nightShare({ hourOfDay, count }: AccountActivity): number {
  return share(
    hourOfDay.subarray(0, 6).reduce((sum, hits) => sum + hits, 0),
    count,
  )
}

/** Counterparties on both sides over all of them. */
function mutualShare(account: AccountActivity): number {
  const mutual = [...account.in.others.keys()].filter((other) => account.out.others.has(other)).length
  return share(mutual, account.in.others.size + account.out.others.size - mutual)
}

function topShare({ in: incoming, out: outgoing, count }: AccountActivity): number {
  return share(Math.max(0, ...incoming.others.values(), ...outgoing.others.values()), count)
}

/**
 * Columns that anyone can make of the snapshot in one pass, account by account; each must say little about who is planted.
 * Statistics only: nothing in a dataset's rows depends on them.
 */
export const simpleColumns: ReadonlyMap<string, Column> = new Map<string, Column>([
  ['tx_in_count', ({ in: side }) => side.count],
  ['tx_out_count', ({ out: side }) => side.count],
  ['tx_total_count', ({ count }) => count],
  ['degree_in', ({ in: side }) => side.others.size],
  ['degree_out', ({ out: side }) => side.others.size],
  ['degree_total', (one) => new Set([...one.in.others.keys(), ...one.out.others.keys()]).size],
  ['total_in_usd', ({ in: side }) => side.sum],
  ['total_out_usd', ({ out: side }) => side.sum],
  ['net_flow_usd', (one) => one.in.sum - one.out.sum],
  ['mean_in_usd', ({ in: side }) => side.mean],
  ['mean_out_usd', ({ out: side }) => side.mean],
  ['median_in_usd', ({ in: side }) => side.median],
  ['median_out_usd', ({ out: side }) => side.median],
  ['max_in_usd', ({ in: side }) => side.max],
  ['max_out_usd', ({ out: side }) => side.max],
  ['min_in_usd', ({ in: side }) => side.min],
  ['min_out_usd', ({ out: side }) => side.min],
  ['variation_in', ({ in: side }) => side.variation],
  ['variation_out', ({ out: side }) => side.variation],
  ['activity_days', ({ days }) => days],
  ['activity_span_days', (one) => Math.floor((one.lastMs - one.firstMs) / DAY_MS)],
  ['first_activity', ({ firstMs }) => firstMs],
  ['last_activity', ({ lastMs }) => lastMs],
  ['longest_silence', ({ gapMs }) => gapMs],
  ['velocity', (one) => share(one.count, Math.max(1, one.lastMs - one.firstMs))],
  ['burst_factor', (one) => share(one.busiestHour, one.count / 24)],
  ['busiest_hour', ({ busiestHour }) => busiestHour],
  ['hourly_evenness', hourEvenness],
  ['night_ratio', nightShare],
  ['weekend_ratio', (one) => share(one.weekend, one.count)],
  ['reciprocity_ratio', (one) => share(Math.min(one.in.sum, one.out.sum), one.volume)],
  ['mutual_ratio', mutualShare],
  ['out_share_of_count', (one) => share(one.out.count, one.count)],
  ['out_share_of_volume', (one) => share(one.out.sum, one.volume)],
  ['fan_in_ratio', ({ in: side }) => side.fanRatio],
  ['fan_out_ratio', ({ out: side }) => side.fanRatio],
  ['concentration_ratio', topShare],
  ['small_transaction_ratio', (one) => share(one.in.small + one.out.small, one.count)],
  ['native_ratio', (one) => share(one.native, one.count)],
  ['is_labelled', ({ mark }) => Number(mark !== labelMarks.none)],
  ['labelled_counterparty_ratio', (one) => share(one.labelled, one.count)],
  ['risky_counterparty_ratio', (one) => share(one.risky, one.count)],
])
