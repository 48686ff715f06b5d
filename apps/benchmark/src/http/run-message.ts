import {
  type BenchmarkOutcome,
  benchmarkRunStatuses,
  type BenchmarkRun,
  countSchema,
  instantSchema,
  networkSchema,
  sha256Schema,
  unitIntervalSchema,
  utcDateSchema,
  uuidSchema,
  windowDaysSchema,
} from '@subnetkit/core'
import { z } from 'zod'

import { accuracyOf, recallOf } from '../published/run-standing.ts'

const patternCountsSchema = z.strictObject({
  expected: countSchema,
  found: countSchema,
  recall: unitIntervalSchema,
  reported: countSchema,
})
const riskScoresSchema = z.strictObject({
  expected: countSchema,
  scored: countSchema,
  reported: countSchema,
  coverage: unitIntervalSchema,
  auc_roc: unitIntervalSchema,
  precision_at_recall_80: unitIntervalSchema,
  calibration_error: unitIntervalSchema,
})

/**
 * A run as it is told: what it came to in counts. Whatever says which patterns were planted is not among them, so it may
 * be told while the tournament goes on.
 */
export const runMessageSchema = z.strictObject({
  run_id: uuidSchema,
  test_date: utcDateSchema,
  network: networkSchema,
  window_days: windowDaysSchema,
  status: z.enum(benchmarkRunStatuses),
  accuracy: unitIntervalSchema
    .nullable()
    .describe('recall, lowered by false reports; null until it is final'),
  synthetic_patterns: patternCountsSchema.nullable().describe('null where risk scores were asked for'),
  risk_scores: riskScoresSchema.nullable().describe('null where patterns were asked for'),
  data_validation: z
    .strictObject({
      bad_data: countSchema.describe('rows that are none, or claim transfers that the dataset does not have'),
      fabricated: countSchema.describe('rows with addresses or transactions that do not exist'),
      data_correctness_passed: z.boolean(),
    })
    .nullable()
    .describe('null until the output was validated, and where it was refused as a whole'),
  performance: z.strictObject({
    execution_time_seconds: z.number().nullable(),
    container_exit_code: z.int().nullable(),
    memory_peak_bytes: countSchema.nullable(),
    output_bytes: countSchema.nullable(),
    attempts: countSchema,
    sandbox: z.string().nullable(),
  }),
  disqualification: z.strictObject({ is_disqualified: z.literal(true), reason: z.string() }).nullable(),
  error_message: z.string().nullable(),
  dataset_sha256: sha256Schema.nullable(),
  started_at: instantSchema.nullable(),
  completed_at: instantSchema.nullable(),
})
/** See {@link runMessageSchema}. */
export type RunMessage = z.input<typeof runMessageSchema>

/** A run as it is told. */
export function runMessage(run: BenchmarkRun): RunMessage {
  const { outcome } = run
  return {
    run_id: run.runId,
    test_date: run.testDate,
    network: run.network,
    window_days: run.windowDays,
    status: run.status,
    accuracy: accuracyOf(run),
    synthetic_patterns:
      outcome?.kind === 'patterns'
        ? {
            expected: outcome.expected,
            found: outcome.found,
            recall: recallOf(run) ?? 0,
            reported: outcome.reported,
          }
        : null,
    risk_scores: outcome?.kind === 'scores' ? riskScores(outcome) : null,
    data_validation:
      outcome === null
        ? null
        : {
            bad_data: outcome.badData,
            fabricated: outcome.fabricated,
            data_correctness_passed: outcome.badData === 0 && outcome.fabricated === 0,
          },
    performance: {
      execution_time_seconds: run.executionMs === null ? null : run.executionMs / 1_000,
      container_exit_code: run.exitCode,
      memory_peak_bytes: run.memoryPeakBytes,
      output_bytes: run.outputBytes,
      attempts: run.attempts,
      sandbox: run.sandbox,
    },
    disqualification: run.isDisqualified
      ? { is_disqualified: true, reason: run.disqualificationReason ?? 'no reason was kept' }
      : null,
    error_message: run.errorMessage,
    dataset_sha256: run.datasetSha256,
    started_at: run.startedAt,
    completed_at: run.completedAt,
  }
}

function riskScores(
  outcome: Extract<BenchmarkOutcome, { kind: 'scores' }>,
): z.input<typeof riskScoresSchema> {
  return {
    expected: outcome.expected,
    scored: outcome.scored,
    reported: outcome.reported,
    coverage: outcome.coverage,
    auc_roc: outcome.areaUnderCurve,
    precision_at_recall_80: outcome.precisionAtRecall80,
    calibration_error: outcome.calibrationError,
  }
}
