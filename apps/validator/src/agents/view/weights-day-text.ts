import { plainTable, shortHotkey } from '../../plain-table.ts'
import { percent } from '../../scoring/leaderboard.ts'
import { utcMinute } from './utc-minute.ts'
import type { WeightsDay } from './weights-day.ts'

const HOUR_MS = 3_600_000

/** A day of weights for a person. */
export function weightsDayText({ from, to, shares, snapshots }: WeightsDay): string {
  const history = plainTable(
    ['from', 'top miner', 'weight', 'miners', 'held'],
    snapshots.map(({ heldMs, miners, timestamp, topMiner, topWeight }) => [
      utcMinute(timestamp),
      topMiner === null ? 'nobody' : shortHotkey(topMiner),
      topMiner === null ? '–' : String(Number(topWeight.toPrecision(6))),
      String(miners),
      `${(heldMs / HOUR_MS).toFixed(2)} h`,
    ]),
  )
  const onTop = plainTable(
    ['share', 'hotkey'],
    shares.map(({ minerHotkey, share }) => [percent(share), minerHotkey]),
  )
  const known = shares.reduce((sum, { share }) => sum + share, 0)
  const gap =
    known < 1 - 1e-9 ? `\nOf ${percent(1 - known)} of the day nothing is known, or nobody had weight.` : ''
  return `Weights from ${utcMinute(from)} to ${utcMinute(to)} UTC\n\n${history}\n\nOn top:\n${onTop}${gap}`
}
