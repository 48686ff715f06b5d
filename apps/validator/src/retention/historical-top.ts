import type { RetentionSubject, ScoreSnapshot } from '@subnetkit/core'

/** A model that earned protection. */
export interface TopModel extends RetentionSubject {
  /** Its best rank, and the first block at which it had it. */
  readonly because: string
}

/** One text per model, to look it up by. */
export function subjectKey({ minerHotkey, modelRevision }: RetentionSubject): string {
  return `${minerHotkey} ${modelRevision}`
}

/**
 * Every model that was ever among the best `keepTop` of a snapshot with weight, by hotkey and revision. Falling behind
 * later takes nothing away. Equal weights share a rank, so there may be more than `keepTop` at once.
 */
export function historicalTop(
  snapshots: readonly Pick<ScoreSnapshot, 'blockNumber' | 'top'>[],
  keepTop: number,
): readonly TopModel[] {
  const best = new Map<string, RetentionSubject & Readonly<{ rank: number; blockNumber: number }>>()
  for (const { blockNumber, top } of snapshots) {
    for (const { minerHotkey, modelRevision, rank, weight } of top) {
      if (rank > keepTop || weight === 0) continue
      const key = subjectKey({ minerHotkey, modelRevision })
      const known = best.get(key)
      const isBetter =
        known === undefined || rank < known.rank || (rank === known.rank && blockNumber < known.blockNumber)
      if (isBetter) best.set(key, { minerHotkey, modelRevision, rank, blockNumber })
    }
  }
  return [...best]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { minerHotkey, modelRevision, rank, blockNumber }]) => ({
      minerHotkey,
      modelRevision,
      because: `rank ${rank} at block ${blockNumber}`,
    }))
}
