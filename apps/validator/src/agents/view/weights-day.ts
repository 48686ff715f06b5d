import { topMinerOf, type WeightsSnapshot } from '@subnetkit/core'

const DAY_MS = 86_400_000

/** One snapshot of a day: who was on top from then on, and for how much of the day. */
export interface DaySnapshot {
  readonly id: string
  readonly timestamp: Date
  /** Null when nobody had any weight. */
  readonly topMiner: string | null
  /** The top miner's; 0 when there is none. */
  readonly topWeight: number
  readonly miners: number
  /** Within the day. */
  readonly heldMs: number
}

/** A miner's part of a day. */
export interface DayShare {
  readonly minerHotkey: string
  /** Of 24 hours, whether anything is known of all of them or not: 0–1. */
  readonly share: number
}

/** Who was on top in the 24 hours before a moment. */
export interface WeightsDay {
  readonly from: Date
  readonly to: Date
  /** Oldest first. */
  readonly snapshots: readonly DaySnapshot[]
  /** The largest first, then by hotkey; they add up to 1 when the day is known from its beginning. */
  readonly shares: readonly DayShare[]
}

/**
 * What `listWeightsHistory` gives, by the rule of `getTopMinerShare`: a snapshot holds from its time until the next one,
 * the last until `now`, and the first may be older than the day.
 */
export function weightsDay(history: readonly WeightsSnapshot[], now: Date): WeightsDay {
  const from = new Date(now.getTime() - DAY_MS)
  const held = new Map<string, number>()
  const snapshots = history.map((snapshot, index): DaySnapshot => {
    const { id, minerWeights, timestamp } = snapshot
    const begin = Math.max(timestamp.getTime(), from.getTime())
    const end = history[index + 1]?.timestamp.getTime() ?? now.getTime()
    const heldMs = Math.max(0, end - begin)
    const topMiner = topMinerOf(minerWeights)
    if (topMiner !== null) held.set(topMiner, (held.get(topMiner) ?? 0) + heldMs)
    const topWeight = minerWeights.find(({ minerHotkey }) => minerHotkey === topMiner)?.weight ?? 0
    return { id, timestamp, topMiner, topWeight, miners: minerWeights.length, heldMs }
  })
  const shares = [...held]
    .map(([minerHotkey, heldMs]) => ({ minerHotkey, share: heldMs / DAY_MS }))
    .toSorted((a, b) => b.share - a.share || (a.minerHotkey < b.minerHotkey ? -1 : 1))
  return { from, to: now, snapshots, shares }
}
