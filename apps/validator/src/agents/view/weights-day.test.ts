import { buildWeightsSnapshot } from '@subnetkit/core/contracts'
import { describe, expect, it } from 'vitest'

import { weightsDayText } from './weights-day-text.ts'
import { weightsDay } from './weights-day.ts'

const HOUR_MS = 3_600_000
const now = new Date('2026-02-03T12:00:00Z')
const snapshotAt = (hoursAgo: number, weights: Readonly<Record<string, number>>) =>
  buildWeightsSnapshot({
    timestamp: new Date(now.getTime() - hoursAgo * HOUR_MS),
    minerWeights: Object.entries(weights).map(([minerHotkey, weight]) => ({ minerHotkey, weight })),
  })

describe('weightsDay', () => {
  it('gives each miner the time until the next snapshot, from the day’s beginning to now', () => {
    const history = [
      snapshotAt(40, { '5A': 0.4, '5B': 0.6 }),
      snapshotAt(18, { '5A': 0.6, '5B': 0.4 }),
      snapshotAt(6, { '5A': 0, '5B': 0 }),
      snapshotAt(3, { '5A': 0.5, '5B': 0.5 }),
    ]
    const day = weightsDay(history, now)
    expect(day.shares).toStrictEqual([
      { minerHotkey: '5A', share: 15 / 24 },
      { minerHotkey: '5B', share: 6 / 24 },
    ])
    expect(
      day.snapshots.map(({ heldMs, topMiner, topWeight }) => [heldMs / HOUR_MS, topMiner, topWeight]),
    ).toEqual([
      [6, '5B', 0.6],
      [12, '5A', 0.6],
      [3, null, 0],
      [3, '5A', 0.5],
    ])
    expect(weightsDayText(day)).toMatch(/nobody +– +2 +3\.00 h[\s\S]*Of 12\.50% of the day nothing is known/)
  })

  it('says nothing of hours before the first snapshot', () => {
    const { shares } = weightsDay([snapshotAt(6, { '5A': 1 })], now)
    expect(shares).toStrictEqual([{ minerHotkey: '5A', share: 0.25 }])
    expect(weightsDay([], now)).toMatchObject({ shares: [], snapshots: [] })
  })
})
