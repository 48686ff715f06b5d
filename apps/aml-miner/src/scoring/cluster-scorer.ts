import type { Explanation, ScorableCluster, ScoredAlert } from './alert-scorer.ts'
import { fromNano, NANO, toNano } from './nano-units.ts'

/** The score of one cluster. */
export interface ScoredCluster {
  readonly clusterId: string
  readonly score: number
  readonly explanation: Explanation
}

/** A model that scores clusters from the scores of their alerts. */
export interface ClusterScorer {
  readonly version: string
  /** Exactly one score per cluster, in the given order. */
  score(clusters: readonly ScorableCluster[], scored: readonly ScoredAlert[]): readonly ScoredCluster[]
}

const MEAN_PART = 0.6
const CORROBORATION_PART = 0.4
const CORROBORATION_DAMPING = 0.5

/**
 * 0.6 × mean of the members' scores + 0.4 × noisy-or of the halved scores: many weak members do not make certainty, a
 * strong one counts. A cluster without a known member gets half of its own stated confidence, and says so.
 */
export const memberClusterScorer: ClusterScorer = {
  version: 'cluster-members-1',
  score(clusters, scored) {
    const nanoById = new Map(scored.map(({ alertId, score }) => [alertId, toNano(score)]))
    return clusters.map((cluster) => {
      const ids = new Set([...cluster.relatedAlertIds, cluster.primaryAlertId])
      const members = [...ids].map((id) => nanoById.get(id)).filter((nano) => nano !== undefined)
      return members.length === 0 ? withoutMembers(cluster) : withMembers(cluster.clusterId, members)
    })
  },
}

function withMembers(clusterId: string, members: readonly number[]): ScoredCluster {
  const ordered = [...members].sort((a, b) => a - b)
  const mean = ordered.reduce((sum, nano) => sum + nano, 0) / ordered.length / NANO
  const noneOfThem = ordered.reduce((rest, nano) => rest * (1 - CORROBORATION_DAMPING * fromNano(nano)), 1)
  const meanNano = toNano(MEAN_PART * mean)
  const orNano = Math.min(NANO - meanNano, toNano(CORROBORATION_PART * (1 - noneOfThem)))
  const score = fromNano(meanNano + orNano)
  return {
    clusterId,
    score,
    explanation: {
      score,
      base: 0,
      contributions: [
        { feature: 'member_score_mean', impact: fromNano(meanNano), value: mean },
        { feature: 'member_score_noisy_or', impact: fromNano(orNano), value: 1 - noneOfThem },
      ],
    },
  }
}

function withoutMembers(cluster: ScorableCluster): ScoredCluster {
  const confidence = Math.min(
    1,
    Math.max(0, Number.isFinite(cluster.confidenceAvg) ? cluster.confidenceAvg : 0),
  )
  const score = fromNano(toNano(confidence / 2))
  return {
    clusterId: cluster.clusterId,
    score,
    explanation: {
      score,
      base: 0,
      contributions: [{ feature: 'stated_confidence_without_members', impact: score, value: confidence }],
    },
  }
}
