import {
  type Batch,
  type BatchKey,
  type DayKey,
  InputError,
  type Snapshot,
  StorageError,
} from '@subnetkit/core'

import { hashResults } from '../scoring/results-hash.ts'
import type { ScoringInput } from '../scoring/alert-scorer.ts'
import {
  type BatchScores,
  defaultScoringModels,
  modelVersionsOf,
  type ScoringModels,
  scoreBatch,
  type ScoringStage,
} from '../scoring/score-batch.ts'
import { contentId } from '../snapshot/content-id.ts'
import { type DayDeps, dayKeyOf, scorableKinds, type StepOptions } from './day-steps.ts'
import { failureMessage } from './load-snapshot.ts'
import { readScoringInput } from './read-scoring-input.ts'
import { storeResults } from './store-results.ts'

/** The end of scoring: the attempt, and whether anything had to be done. */
export interface ScoredBatch {
  readonly batch: Batch
  /** True when the same inputs had been scored by the same models and that result is the visible one. */
  readonly alreadyCompleted: boolean
}

/** What scoring is told. */
export interface ScoreDayParams {
  readonly key: DayKey
  readonly isForced: boolean
  readonly models?: ScoringModels
}

/**
 * Scores, ranks and clusters the day's newest inputs. Readers see the batch when it is COMPLETED and the one before it
 * until then; a crash leaves a PROCESSING attempt that the next run takes over.
 *
 * @throws InputError when the day has no inputs to score.
 */
export async function scoreDay(
  deps: DayDeps,
  params: ScoreDayParams,
  options: StepOptions,
): Promise<ScoredBatch> {
  const key = dayKeyOf(params.key)
  const models = params.models ?? defaultScoringModels
  await using _lock = await deps.lock.acquire(key, options.signal)
  const snapshot = await findInputs(deps, key, options)
  const inputsHash = requireHash(snapshot)
  const versions = Object.values(modelVersionsOf(models))
  const batchKey: BatchKey = {
    ...key,
    batchId: contentId(['batch', key.network, key.processingDate, key.windowDays, inputsHash, ...versions]),
  }
  const last = await deps.repositories.batches.findLastAttempt({ key: batchKey }, options)
  if (last?.status === 'COMPLETED' && !params.isForced) return announceCompleted(deps, last, options)
  const attempt = nextAttempt(last)
  if (last !== null) await removeLeftovers(deps, batchKey, options)
  const begun = beginBatch(batchKey, attempt, snapshot, inputsHash, models, deps.clock.now())
  await deps.repositories.batches.put({ batch: begun }, { signal: options.signal })
  return { batch: await runAttempt(deps, begun, snapshot, models, options), alreadyCompleted: false }
}

async function findInputs(deps: DayDeps, key: DayKey, { signal }: StepOptions): Promise<Snapshot> {
  const snapshot = await deps.repositories.snapshots.findReady({ key, kinds: scorableKinds }, { signal })
  if (snapshot !== null) return snapshot
  throw new InputError({
    field: '--date',
    value: key.processingDate,
    problem: `has no alerts of ${key.network} in a window of ${key.windowDays} days`,
    hint: 'load a snapshot (aml-miner ingest) or find patterns in transfers (aml-miner detect) first',
  })
}

function requireHash({ inputsHash, snapshotId }: Snapshot): string {
  if (inputsHash !== null) return inputsHash
  throw new StorageError({
    code: 'corrupt_row',
    message: `snapshot ${snapshotId} is READY without an inputs hash`,
  })
}

/** A completed attempt that a later batch hides becomes the visible one again. */
async function announceCompleted(deps: DayDeps, last: Batch, { signal }: StepOptions): Promise<ScoredBatch> {
  const visible = await deps.repositories.batches.findCompleted({ key: dayKeyOf(last) }, { signal })
  if (visible?.batchId === last.batchId) return { batch: visible, alreadyCompleted: true }
  const batch = { ...last, processedAt: deps.clock.now() }
  await deps.repositories.batches.put({ batch }, { signal })
  return { batch, alreadyCompleted: false }
}

/** What an attempt that was cut off left behind may come from other code than ours; a visible result stays. */
async function removeLeftovers(deps: DayDeps, key: BatchKey, { signal }: StepOptions): Promise<void> {
  const { alertRankings, alertScores, batches, clusterScores } = deps.repositories
  const visible = await batches.findCompleted({ key: dayKeyOf(key) }, { signal })
  if (visible?.batchId === key.batchId) return
  for (const results of [alertScores, alertRankings, clusterScores]) await results.remove({ key }, { signal })
}

/** Nobody else works on this day, so a PROCESSING attempt is a crashed one: it is taken over under its number. */
function nextAttempt(last: Batch | null): number {
  if (last === null) return 1
  return last.status === 'PROCESSING' ? last.attempt : last.attempt + 1
}

function beginBatch(
  key: BatchKey,
  attempt: number,
  snapshot: Snapshot,
  inputsHash: string,
  models: ScoringModels,
  now: Date,
): Batch {
  return {
    ...key,
    attempt,
    snapshotId: snapshot.snapshotId,
    inputsHash,
    resultsHash: null,
    status: 'PROCESSING',
    startedAt: now,
    processedAt: now,
    inputCountsAlerts: 0,
    inputCountsFeatures: snapshot.countFeatures,
    inputCountsClusters: 0,
    outputCountsAlertScores: 0,
    outputCountsAlertRankings: 0,
    outputCountsClusterScores: 0,
    latenciesMsAlertScoring: 0,
    latenciesMsAlertRanking: 0,
    latenciesMsClusterScoring: 0,
    latenciesMsTotal: 0,
    modelVersionsAlertScorer: models.alertScorer.version,
    modelVersionsAlertRanker: models.alertRanker.version,
    modelVersionsClusterScorer: models.clusterScorer.version,
    errorMessage: '',
  }
}

async function runAttempt(
  deps: DayDeps,
  begun: Batch,
  snapshot: Snapshot,
  models: ScoringModels,
  options: StepOptions,
): Promise<Batch> {
  let reached = begun
  const startMs = deps.clock.monotonicMs()
  const elapsed = (sinceMs: number): number => Math.round(deps.clock.monotonicMs() - sinceMs)
  try {
    const input = await readScoringInput(deps, snapshot, options)
    reached = {
      ...reached,
      inputCountsAlerts: input.alerts.length,
      inputCountsClusters: input.clusters.length,
    }
    options.progress(`scoring ${input.alerts.length} alerts`)
    const timed = timeStages(deps, input, models, options.signal)
    reached = { ...reached, ...timed.latencies }
    await storeResults(deps, reached, timed.scores, options, (counts) => {
      reached = { ...reached, ...counts }
    })
    const batch: Batch = {
      ...reached,
      status: 'COMPLETED',
      resultsHash: hashResults(timed.scores),
      latenciesMsTotal: elapsed(startMs),
      processedAt: deps.clock.now(),
    }
    await deps.repositories.batches.put({ batch }, { signal: options.signal })
    return batch
  } catch (error) {
    await recordFailure(deps, { ...reached, latenciesMsTotal: elapsed(startMs) }, error)
    throw error
  }
}

async function recordFailure(deps: DayDeps, reached: Batch, error: unknown): Promise<void> {
  try {
    await deps.repositories.batches.put({
      batch: {
        ...reached,
        status: 'FAILED',
        processedAt: deps.clock.now(),
        errorMessage: failureMessage(error),
      },
    })
  } catch {
    // The store is gone: the attempt stays PROCESSING, which the next run takes over; the first error is the one to tell.
  }
}

interface TimedScores {
  readonly scores: BatchScores
  readonly latencies: Pick<
    Batch,
    'latenciesMsAlertRanking' | 'latenciesMsAlertScoring' | 'latenciesMsClusterScoring'
  >
}

function timeStages(
  deps: DayDeps,
  input: ScoringInput,
  models: ScoringModels,
  signal: AbortSignal,
): TimedScores {
  const { monotonicMs } = deps.clock
  const spent: Record<ScoringStage, number> = { alertScoring: 0, alertRanking: 0, clusterScoring: 0 }
  let lapMs = monotonicMs()
  const onStageEnd = (stage: ScoringStage): void => {
    spent[stage] = Math.round(monotonicMs() - lapMs)
    lapMs = monotonicMs()
  }
  return {
    scores: scoreBatch(input, models, { signal, onStageEnd }),
    latencies: {
      latenciesMsAlertScoring: spent.alertScoring,
      latenciesMsAlertRanking: spent.alertRanking,
      latenciesMsClusterScoring: spent.clusterScoring,
    },
  }
}
