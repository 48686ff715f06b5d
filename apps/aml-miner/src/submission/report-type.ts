import type { TransferColumns } from '@subnetkit/core'

import type { DetectedPattern } from '../detection/detection-result.ts'
import type { PairHistory } from './pair-history.ts'

/** The benchmark's names of what a submission may report; those of its list that we can tell. */
export type ReportType =
  | 'cycle'
  | 'layering_path'
  | 'motif_fanin'
  | 'motif_fanout'
  | 'smurfing_network'
  | 'temporal_burst'
  | 'threshold_evasion'
  | 'wash_trading'

const HOUR_MS = 3_600_000

/** A ring whose every step is repeated this often is no way home for money but trade with oneself. */
const ROUNDS_OF_TRADE = 3

/** The widest split that one payer makes below a limit; with more receivers they are mules. */
const SPLIT_MEMBERS = 4

/** How surprising a plain path must be, as the number that chance alone would give in the window. */
const MAX_PATH_CHANCE = 3e-6

/** A ring this surprising is one, however the prices of what was sent moved on the way. */
const SURE_RING_CHANCE = 1e-11

/** What is left of a sum after a few hops with their fees. */
const LEFT_AFTER_FEES = { least: 0.85, most: 0.99 } as const

/** How surprising a rally of two must be. */
const MAX_RALLY_CHANCE = 1e-6

/**
 * What a finding is in the benchmark's words, or null when it is too doubtful to be reported: there a wrong report costs
 * what a right one earns, while an alert that a person looks at does not.
 */
export function reportTypeOf(
  pattern: DetectedPattern,
  transfers: TransferColumns,
  history: PairHistory,
): ReportType | null {
  switch (pattern.typologyType) {
    case 'PING_PONG':
      return pattern.expectedByChance <= MAX_RALLY_CHANCE ? 'wash_trading' : null
    case 'CYCLE_DETECTION':
      return typeOfCycle(pattern, history)
    case 'PEEL_CHAIN':
      return 'layering_path'
    case 'LAYERING_PATH':
      return pattern.expectedByChance <= MAX_PATH_CHANCE && history.isOnlyUseOf(pattern.transferRows)
        ? 'layering_path'
        : null
    case 'SMURFING_NETWORK':
      return spreadMs(pattern, transfers) <= HOUR_MS ? 'temporal_burst' : 'smurfing_network'
    case 'STRUCTURING':
      return pattern.members.length > SPLIT_MEMBERS ? 'smurfing_network' : 'threshold_evasion'
    case 'MOTIF_FANIN':
      return 'motif_fanin'
    case 'MOTIF_FANOUT':
    case 'RAPID_FANOUT':
      return 'motif_fanout'
    default:
      return null
  }
}

/** A ring that money went round once must have cost fees: friends who settle debts get back what they gave. */
function typeOfCycle(
  { transferRows, expectedByChance }: DetectedPattern,
  history: PairHistory,
): ReportType | null {
  const rounds = history.fewestPerStep(transferRows)
  if (rounds >= ROUNDS_OF_TRADE) return 'wash_trading'
  if (rounds > 1 || expectedByChance <= SURE_RING_CHANCE) return 'cycle'
  const left = history.shareThatArrived(transferRows)
  const isWorn = left >= LEFT_AFTER_FEES.least && left <= LEFT_AFTER_FEES.most
  return isWorn && history.isOnlyUseOf(transferRows) ? 'cycle' : null
}

/** Milliseconds from the first to the last transfer that leaves the source: minutes are a burst, hours are caution. */
function spreadMs({ members, transferRows }: DetectedPattern, transfers: TransferColumns): number {
  const source = members.find(({ role }) => role === 'source')?.address
  const times = transferRows
    .filter((row) => transfers.addresses[transfers.from[row] ?? 0] === source)
    .map((row) => transfers.timestampMs[row] ?? 0)
  return Math.max(...times) - Math.min(...times)
}
