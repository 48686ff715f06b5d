import type { MinerWeight } from '../models/weights-snapshot.ts'

/** The hotkey with the largest weight above 0, of equal ones the smallest by its letters; null when nobody has any. */
export function topMinerOf(weights: readonly MinerWeight[]): string | null {
  let top: MinerWeight | null = null
  for (const candidate of weights) {
    if (candidate.weight <= 0) continue
    const isLarger = top === null || candidate.weight > top.weight
    const isFirstOfEqual = candidate.weight === top?.weight && candidate.minerHotkey < top.minerHotkey
    if (isLarger || isFirstOfEqual) top = candidate
  }
  return top?.minerHotkey ?? null
}
