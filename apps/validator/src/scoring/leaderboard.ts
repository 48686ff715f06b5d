import type { MinerScore, ScoreSnapshot } from '@subnetkit/core'

import { plainTable, shortHotkey } from '../plain-table.ts'
import { showCell } from '../text-table.ts'
import { byRank } from './build-snapshot.ts'
import { chainShares } from './chain-shares.ts'

/** From this width on hotkeys are written in full. */
const WIDE = 132

/** A snapshot with all of its scores. */
export interface LeaderboardParams {
  readonly snapshot: ScoreSnapshot
  readonly scores: readonly MinerScore[]
  /** Miners to show, best first. */
  readonly top: number
  /** Columns of the terminal; at least 80 are used. */
  readonly width: number
}

/**
 * Scores for a person: a line per miner and environment with the mean, its interval and how complete it is, and below
 * why whoever has no weight has none. Fits 80 columns; wider terminals get whole hotkeys.
 */
export function leaderboard({ snapshot, scores, top, width }: LeaderboardParams): string {
  const isWide = width >= WIDE
  const nameOf = isWide ? (hotkey: string): string => hotkey : shortHotkey
  const shown = scores.toSorted(byRank).slice(0, top)
  const rows = shown.flatMap((score) => minerRows(score, nameOf, isWide))
  const head = ['#', 'hotkey', 'uid', 'weight', 'points', 'environment', 'mean (80 %)', 'done']
  head[6] = `mean (${intervalLevel(snapshot)})`
  const without = shown.filter(({ reason }) => reason !== null)
  return [
    headline(snapshot),
    ...(rows.length === 0 ? ['No miner was scored.'] : [plainTable(head, rows)]),
    ...(without.length === 0 ? [] : ['', 'No weight:', ...without.map((score) => reasonLine(score, nameOf))]),
    ...(shown.length < scores.length
      ? ['', `${scores.length - shown.length} more: repeat with --top ${scores.length}`]
      : []),
    '',
    ownerLine(snapshot, scores),
  ].join('\n')
}

function minerRows(
  score: MinerScore,
  nameOf: (hotkey: string) => string,
  isWide: boolean,
): readonly (readonly string[])[] {
  const { rank, minerHotkey, uid, weight, points } = score
  const miner = [
    String(rank),
    nameOf(minerHotkey),
    uid === null ? '–' : String(uid),
    percent(weight),
    points.toFixed(3),
  ]
  const environments = Object.entries(score.scoresByEnvironment).toSorted(([a], [b]) => (a < b ? -1 : 1))
  if (environments.length === 0) return [[...miner, '', '', '']]
  return environments.map(
    ([name, { score: mean, confidenceLower, confidenceUpper, completeness }], index) => [
      ...(index === 0 ? miner : miner.map(() => '')),
      cut(showCell(name), isWide ? 32 : 11),
      interval(mean, confidenceLower, confidenceUpper),
      `${Math.floor(completeness * 100)}%`,
    ],
  )
}

/** A mean between its bounds, such as `0.812 (.745–.847)`. */
export function interval(mean: number, lower: number, upper: number): string {
  return `${mean.toFixed(3)} (${bound(lower)}–${bound(upper)})`
}

/** A share as `12.34%`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(2)}%`
}

function bound(value: number): string {
  return value.toFixed(3).replace(/^0/, '')
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`
}

function headline({ blockNumber, rule, minerCount, eligibleCount, calculatedAt }: ScoreSnapshot): string {
  const at = calculatedAt.toISOString().slice(0, 19).replace('T', ' ')
  return `Scores at block ${blockNumber} by ${rule}: ${minerCount} miners, ${eligibleCount} complete; ${at} UTC`
}

function intervalLevel({ parameters }: ScoreSnapshot): string {
  const level = parameters['confidenceLevel']
  return typeof level === 'number' ? `${Math.round(level * 100)} %` : 'interval'
}

function reasonLine({ minerHotkey, reason }: MinerScore, nameOf: (hotkey: string) => string): string {
  // A reason may name another miner's hotkey.
  const text = (reason ?? '').replaceAll(/[A-Za-z0-9]{40,64}/g, nameOf)
  return `  ${nameOf(minerHotkey)} ${showCell(text)}`
}

function ownerLine({ burn }: ScoreSnapshot, scores: readonly MinerScore[]): string {
  const { owner } = chainShares({ weights: scores, burn })
  if (owner === 0) return 'Miners get everything; nothing is burnt.'
  return `uid 0 gets ${percent(owner)} on chain (burn ${percent(burn)}); miners share the rest by weight.`
}
