import { isDeepStrictEqual } from 'node:util'

import { StorageError } from '../errors/storage-error.ts'
import type { MinerWeight, WeightsSnapshot } from '../models/weights-snapshot.ts'

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

/** Refuses an id that names two snapshots. @throws StorageError `conflict`. */
export function requireSameSnapshot(stored: WeightsSnapshot, snapshot: WeightsSnapshot): void {
  if (!isDeepStrictEqual(stored, snapshot)) throw otherSnapshot(snapshot.id)
}

/** The error of an id that names another snapshot already. */
export function otherSnapshot(id: string): StorageError {
  return new StorageError({
    code: 'conflict',
    message: `weights snapshot ${id} is stored with another content`,
    details: { reason: 'other_snapshot', id },
  })
}
