import type { MinerScore } from '@subnetkit/core'
import { describe, expect, it } from 'vitest'

import { leaderboard } from './leaderboard.ts'
import { layersRule } from './layers-rule.ts'

const HOTKEYS = [
  '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
  '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty',
  '5FLSigC9HGRKVhB9FiEo4Y3koPsNmBmLJbpXg2mp1hXcS59Y',
] as const
const now = new Date('2026-03-01T12:00:00.000Z')
const environments = ['satisfiability', 'abd'].map((name) => ({
  name,
  taskCount: 100,
  minCompleteness: 0.95,
}))

const scores: readonly MinerScore[] = layersRule
  .prepare({})
  .score({
    environments,
    miners: HOTKEYS.map((minerHotkey, index) => ({
      minerHotkey,
      coldkey: null,
      firstBlock: index,
      means: new Map(
        environments.map(({ name }) => [name, { mean: 0.8, sampleCount: index === 2 ? 50 : 100 }]),
      ),
    })),
  })
  .map((score) => ({
    ...score,
    snapshotId: '0'.repeat(32),
    blockNumber: 5_000_000,
    uid: score.minerHotkey === HOTKEYS[0] ? 65_535 : null,
    modelName: 'model',
    modelRevision: 'v1',
    firstBlock: 1,
    calculatedAt: now,
  }))

const snapshot = {
  snapshotId: '0'.repeat(32),
  blockNumber: 5_000_000,
  validatorHotkey: HOTKEYS[0],
  rule: 'layers',
  parameters: { confidenceLevel: 0.8 },
  burn: 0.25,
  minerCount: 3,
  eligibleCount: 2,
  scoresHash: '0'.repeat(64),
  top: [],
  calculatedAt: now,
}
const boardAt = (width: number, top = 20): string => leaderboard({ snapshot, scores, top, width })

describe('leaderboard', () => {
  it('shows rank, place, weight, points, and each environment with its interval', () => {
    const lines = boardAt(80).split('\n')
    expect(lines[0]).toBe('Scores at block 5000000 by layers: 3 miners, 2 complete; 2026-03-01 12:00:00 UTC')
    expect(lines[1]).toMatch(/^# +hotkey +uid +weight +points +environment +mean \(80 %\) +done$/)
    expect(lines[2]).toMatch(/^1 +5Grwva…utQY +65535 +100\.00% +6\.000 +abd +0\.800 \(\.745–\.847\) +100%$/)
    expect(lines[3]).toMatch(/^ +satisfiabi… +0\.800/)
    expect(boardAt(80)).toContain('uid 0 gets 25.00% on chain (burn 25.00%)')
  })

  it('says why somebody has no weight', () => {
    const board = boardAt(80)
    expect(board).toContain('  5FHneW…94ty is not clearly better anywhere than the earlier 5Grwva…utQY')
    expect(board).toContain('  5FLSig…S59Y has 50 of 95 samples in abd')
  })

  it.each([80, 100, 131])('fits 80 columns at a width of %d', (width) => {
    for (const line of boardAt(width).split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  it('writes hotkeys and names in full where there is room, and still fits', () => {
    const board = boardAt(140)
    expect(board).toContain(HOTKEYS[1])
    expect(board).toContain('satisfiability')
    for (const line of board.split('\n')) expect(line.length).toBeLessThanOrEqual(140)
  })

  it('shows so many, and how to see the rest', () => {
    const board = boardAt(80, 1)
    expect(board).not.toContain('5FHneW')
    expect(board).toContain('2 more: repeat with --top 3')
  })

  it('says that there is nobody', () => {
    expect(leaderboard({ snapshot, scores: [], top: 20, width: 80 })).toMatch(
      /No miner was scored\.\n\nuid 0 gets 100\.00%/,
    )
  })
})
