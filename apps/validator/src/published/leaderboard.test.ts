import { buildChainNeuron, buildMinerWeightTrace } from '@subnetkit/core/contracts'
import { describe, expect, it } from 'vitest'

import { leaderboardRows } from './leaderboard.ts'

const nothing = { cycle: { weights: [] }, traces: [], neurons: [], performances: [] }

describe('the leaderboard', () => {
  it('ranks by what was sent, equal weights alike, by score and hotkey among them', () => {
    const traces = [
      ['b', 0.2, 1],
      ['a', 0.2, 1],
      ['d', 0, 3],
      ['c', 0.2, 2],
      ['e', 0.4, 0],
    ] as const
    const rows = leaderboardRows({
      ...nothing,
      traces: traces.map(([hotkey, submittedWeight, raw]) =>
        buildMinerWeightTrace({ hotkey, submittedWeight, raw }),
      ),
    })
    expect(rows.map(({ hotkey, rank }) => `${rank}${hotkey}`)).toEqual(['1e', '2c', '2a', '2b', '5d'])
  })

  it('takes uid and incentive from the chain, and a trend only of the same hotkey at the same uid', () => {
    const traces = ['a', 'b', 'c'].map((hotkey) => buildMinerWeightTrace({ hotkey, uid: 7 }))
    const neurons = [
      buildChainNeuron({ hotkey: 'a', uid: 9, incentive: 65_535 }),
      buildChainNeuron({ hotkey: 'b', uid: 8, incentive: 0 }),
    ]
    const performances = [
      { minerHotkey: 'a', minerUid: 7, performanceTrend: 'declining' },
      { minerHotkey: 'b', minerUid: 8, performanceTrend: 'improving' },
    ] as const
    const rows = leaderboardRows({ ...nothing, traces, neurons, performances })
    expect(rows.map(({ uid, incentive, trend }) => [uid, incentive, trend])).toEqual([
      [9, 1, null],
      [8, 0, 'improving'],
      [7, null, null],
    ])
  })

  it('shows what was sent where no traces are kept', () => {
    const weights = [
      { hotkey: 'a', weight: 0.25, uid: 1, value: 21_845 },
      { hotkey: 'b', weight: 0.75, uid: 2, value: 65_535 },
    ]
    expect(leaderboardRows({ ...nothing, cycle: { weights } })).toMatchObject([
      { rank: 1, hotkey: 'b', uid: 2, score: null, weight: 0.75 },
      { rank: 2, hotkey: 'a', uid: 1, score: null, weight: 0.25 },
    ])
  })
})
