import {
  type AlertRanking,
  type AlertScore,
  type Batch,
  type BatchKey,
  type ClusterScore,
  StorageError,
} from '@subnetkit/core'

import type { BatchScores } from '../scoring/score-batch.ts'
import { type DayDeps, dayKeyOf, type StepOptions } from './day-steps.ts'

/** Rows that a batch has stored so far. */
export type OutputCounts = Pick<
  Batch,
  'outputCountsAlertRankings' | 'outputCountsAlertScores' | 'outputCountsClusterScores'
>

/**
 * Stores the results of an attempt under its batch id, where nobody looks before the batch is COMPLETED, and counts
 * them in the store. `onStored` is told after each table, so that a failed attempt says how far it came.
 *
 * @throws StorageError `corrupt_row` when the store holds another number of rows than was sent.
 */
export async function storeResults(
  deps: DayDeps,
  batch: Batch,
  scores: BatchScores,
  { signal, progress }: StepOptions,
  onStored: (counts: Partial<OutputCounts>) => void,
): Promise<void> {
  const { alertRankings, alertScores, clusterScores } = deps.repositories
  const key: BatchKey = { ...dayKeyOf(batch), batchId: batch.batchId }
  progress(`storing ${scores.alertScores.length} scores`)
  await alertScores.put({ rows: alertScoreRows(key, batch, scores) }, { signal })
  onStored({ outputCountsAlertScores: await stored('alert scores', alertScores, key, scores.alertScores) })
  await alertRankings.put({ rows: alertRankingRows(key, batch, scores) }, { signal })
  onStored({
    outputCountsAlertRankings: await stored('alert rankings', alertRankings, key, scores.alertRankings),
  })
  await clusterScores.put({ rows: clusterScoreRows(key, batch, scores) }, { signal })
  onStored({
    outputCountsClusterScores: await stored('cluster scores', clusterScores, key, scores.clusterScores),
  })
}

interface Countable {
  count(params: Readonly<{ key: BatchKey }>): Promise<number>
}

async function stored(
  what: string,
  rows: Countable,
  key: BatchKey,
  sent: readonly unknown[],
): Promise<number> {
  const count = await rows.count({ key })
  if (count === sent.length) return count
  throw new StorageError({
    code: 'corrupt_row',
    message: `batch ${key.batchId} holds ${count} ${what} where ${sent.length} were stored`,
    details: { ...key, count, sent: sent.length },
  })
}

function* alertScoreRows(key: BatchKey, batch: Batch, { alertScores }: BatchScores): Generator<AlertScore> {
  const latencyMs = alertScores.length === 0 ? 0 : batch.latenciesMsAlertScoring / alertScores.length
  const modelVersion = batch.modelVersionsAlertScorer
  for (const { alertId, score, explanation } of alertScores) {
    const explainJson = JSON.stringify(explanation)
    yield { ...key, alertId, score, modelVersion, latencyMs, explainJson, inputsHash: batch.inputsHash }
  }
}

function* alertRankingRows(
  key: BatchKey,
  batch: Batch,
  { alertRankings }: BatchScores,
): Generator<AlertRanking> {
  const modelVersion = batch.modelVersionsAlertRanker
  for (const { alertId, rank, score } of alertRankings) {
    yield { ...key, alertId, rank, score, modelVersion, inputsHash: batch.inputsHash }
  }
}

function* clusterScoreRows(
  key: BatchKey,
  batch: Batch,
  { clusterScores }: BatchScores,
): Generator<ClusterScore> {
  const modelVersion = batch.modelVersionsClusterScorer
  for (const { clusterId, score, explanation } of clusterScores) {
    const explainJson = JSON.stringify(explanation)
    yield { ...key, clusterId, score, modelVersion, explainJson, inputsHash: batch.inputsHash }
  }
}
