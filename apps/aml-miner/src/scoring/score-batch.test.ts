import { describe, expect, it } from 'vitest'

import type { ScorableAlert, ScorableCluster } from './alert-scorer.ts'
import { scoreBatch } from './score-batch.ts'

function alert(given: Partial<ScorableAlert> & { readonly alertId: string }): ScorableAlert {
  return {
    address: 'a',
    typologyType: 'CYCLE_DETECTION',
    patternId: '',
    severity: 'high',
    alertConfidenceScore: 0.8,
    volumeUsd: 5000,
    ...given,
  }
}

function cluster(given: Partial<ScorableCluster> & { readonly clusterId: string }): ScorableCluster {
  return {
    clusterType: 'same_entity',
    primaryAlertId: '',
    relatedAlertIds: [],
    addressesInvolved: [],
    confidenceAvg: 0.5,
    ...given,
  }
}

const batch: readonly ScorableAlert[] = Array.from({ length: 60 }, (_, index) =>
  alert({
    alertId: `alert-${index}`,
    address: `a${index % 17}`,
    typologyType: ['CYCLE_DETECTION', 'STRUCTURING', 'HEARSAY', 'PROXIMITY_RISK'][index % 4] ?? '',
    patternId: index % 3 === 0 ? '' : `p${index % 7}`,
    alertConfidenceScore: ((index * 37) % 101) / 100,
    volumeUsd: 10 ** (index % 8),
  }),
)

const nano = (value: number): number => Math.round(value * 1e9)

describe('scoreBatch', () => {
  it('explains each score by parts that add up to it, to the last billionth', () => {
    for (const { score, explanation } of scoreBatch({ alerts: batch }).alertScores) {
      const parts = explanation.contributions.reduce(
        (sum, { impact }) => sum + nano(impact),
        nano(explanation.base),
      )
      expect(parts).toBe(nano(score))
      expect(nano(score) / 1e9).toBe(score)
      expect(score).toBeGreaterThanOrEqual(0)
      expect(score).toBeLessThanOrEqual(1)
    }
  })

  it('gives the same scores and ranks whatever the order of the alerts', () => {
    const shuffled = batch
      .map((_, index) => batch[(index * 23) % batch.length])
      .filter((item) => item !== undefined)
    const byId = (alerts: readonly ScorableAlert[]): Map<string, number> =>
      new Map(scoreBatch({ alerts }).alertScores.map(({ alertId, score }) => [alertId, score]))
    expect(new Map([...byId(shuffled)].sort())).toEqual(new Map([...byId(batch)].sort()))
    expect(scoreBatch({ alerts: shuffled }).alertRankings).toEqual(
      scoreBatch({ alerts: batch }).alertRankings,
    )
  })

  it('ranks 1 to n without a gap, best first, ties by alert id', () => {
    const rankings = scoreBatch({
      alerts: [...batch, alert({ alertId: 'b' }), alert({ alertId: 'a' })],
    }).alertRankings
    expect(rankings.map(({ rank }) => rank)).toEqual(Array.from({ length: 62 }, (_, index) => index + 1))
    for (const [index, { alertId, score }] of rankings.entries()) {
      const next = rankings[index + 1]
      if (next === undefined) break
      expect(score > next.score || (score === next.score && alertId < next.alertId)).toBe(true)
    }
  })

  it('keeps the alerts of one address together', () => {
    const scores = scoreBatch({
      alerts: [
        alert({ alertId: 'strong', alertConfidenceScore: 0.95 }),
        alert({ alertId: 'weak', alertConfidenceScore: 0.2, typologyType: 'PING_PONG' }),
        alert({ alertId: 'alone', address: 'b', alertConfidenceScore: 0.2, typologyType: 'PING_PONG' }),
      ],
    }).alertScores.map(({ score }) => score)
    const [strong = 0, weak = 0, alone = 0] = scores
    expect(strong - weak).toBeLessThan(0.25)
    expect(weak - alone).toBeGreaterThan(0.3)
  })

  it('takes confidences outside of 0 to 1, and none at all, for what they can mean', () => {
    const [high, low, none] = scoreBatch({
      alerts: [7, -3, Number.NaN].map((alertConfidenceScore, index) =>
        alert({ alertId: `${index}`, address: `a${index}`, alertConfidenceScore, volumeUsd: Number.NaN }),
      ),
    }).alertScores
    expect(high?.score).toBeLessThanOrEqual(1)
    expect(low?.score).toBe(none?.score)
    expect(low?.explanation.contributions).toEqual([])
  })

  it('gives every cluster exactly one score, also one without any known member', () => {
    const { clusterScores, alertScores } = scoreBatch({
      alerts: batch,
      clusters: [
        cluster({ clusterId: 'members', primaryAlertId: 'alert-1', relatedAlertIds: ['alert-1', 'alert-2'] }),
        cluster({ clusterId: 'strangers', relatedAlertIds: ['gone'], confidenceAvg: 0.9 }),
        cluster({ clusterId: 'nobody', confidenceAvg: Number.NaN }),
      ],
    })
    expect(clusterScores.map(({ clusterId }) => clusterId)).toEqual(['members', 'strangers', 'nobody'])
    const [members, strangers, nobody] = clusterScores.map(({ score }) => score)
    expect(strangers).toBe(0.45)
    expect(nobody).toBe(0)
    const strongest = Math.max(...alertScores.slice(1, 3).map(({ score }) => score))
    expect(members).toBeGreaterThan(0)
    expect(members).toBeLessThanOrEqual(strongest + 0.4)
  })

  it('scores an empty batch and names its models by their content', () => {
    const empty = scoreBatch({ alerts: [] })
    expect(empty).toMatchObject({ alertScores: [], alertRankings: [], clusterScores: [] })
    expect(empty.modelVersions.alertScorer).toMatch(/^additive-[0-9a-f]{12}$/)
  })
})
