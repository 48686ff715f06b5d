import { createHash } from 'node:crypto'

import type { BatchScores } from './score-batch.ts'

/**
 * SHA-256 of everything that a batch says: model versions, scores, ranks and cluster scores with their explanations, in
 * the order of ids. Latencies and times are no part of it, so the same inputs give the same hash on every machine.
 */
export function hashResults(scores: BatchScores): string {
  const hash = createHash('sha256')
  const line = (values: readonly unknown[]): void => {
    hash.update(`${JSON.stringify(values)}\n`)
  }
  const { alertScorer, alertRanker, clusterScorer } = scores.modelVersions
  line(['models', alertScorer, alertRanker, clusterScorer])
  for (const { alertId, score, explanation } of byId(scores.alertScores, (scored) => scored.alertId)) {
    line(['alert', alertId, score, explanation])
  }
  for (const { alertId, rank, score } of scores.alertRankings.toSorted((a, b) => a.rank - b.rank)) {
    line(['rank', rank, alertId, score])
  }
  for (const { clusterId, score, explanation } of byId(scores.clusterScores, (scored) => scored.clusterId)) {
    line(['cluster', clusterId, score, explanation])
  }
  return hash.digest('hex')
}

function byId<T>(items: readonly T[], idOf: (item: T) => string): readonly T[] {
  return items.toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1))
}
