import type {
  BenchmarkOutcome,
  JudgedPattern,
  MinerDatabaseName,
  MinerOutputRepository,
  PlantedOutcome,
} from '@subnetkit/core'

import type { FlowTracing } from '../../validation/flow-tracing.ts'
import type { PatternValidation } from '../../validation/pattern-judge.ts'
import type { PlantedTruth } from '../../validation/planted-truth.ts'
import type { JudgedDataset } from '../../validation/read-judged-dataset.ts'
import { reportedPatternSchema } from '../../validation/reported-pattern.ts'
import { type RowBatches, validatePatterns } from '../../validation/validate-patterns.ts'

/** A run whose report is judged, and where its rows go. */
export interface JudgeParams {
  readonly runId: string
  readonly minerDatabase: MinerDatabaseName
  readonly minerOutputs: MinerOutputRepository
  readonly dataset: JudgedDataset
  /** Reads the report from its start, each time it is called. */
  readonly openReport: () => AsyncIterable<readonly unknown[]>
  readonly signal: AbortSignal
}

const MAX_EXPLANATION = 500

/**
 * Judges reported patterns and stores each row with its verdict, and each planted pattern with whether it was found. The
 * report is read twice: a row's verdict is known only when all were read, and a million rows are not held.
 *
 * @throws InputError of the field `output` when the report is larger than any may be.
 */
export async function judgePatterns(
  params: JudgeParams & { readonly tracing: FlowTracing },
): Promise<BenchmarkOutcome> {
  const { dataset, minerDatabase, minerOutputs, openReport, runId, signal, tracing } = params
  const { transfers, truth } = dataset
  const judgement = { transfers, patterns: truth.patterns, tracing }
  const validation = await validatePatterns(openReport(), judgement, signal)
  const options = { signal }
  await minerOutputs.putPlanted({ minerDatabase, rows: plantedRows(runId, truth, validation) }, options)
  await minerOutputs.putPatterns(
    { minerDatabase, rows: patternRows(runId, openReport(), validation) },
    options,
  )
  const { kind, reported, expected, found, badData, fabricated } = validation
  return { kind, reported, expected, found, badData, fabricated }
}

function* plantedRows(
  runId: string,
  { patterns }: PlantedTruth,
  { matches }: PatternValidation,
): Generator<PlantedOutcome> {
  const finders = new Map(matches.map(({ patternId, report }) => [patternId, report + 1]))
  for (const { id, patternType, addresses } of patterns) {
    const foundByRow = finders.get(id) ?? null
    yield {
      runId,
      plantedPattern: id,
      patternType,
      addresses: [...addresses],
      isFound: foundByRow !== null,
      foundByRow,
    }
  }
}

async function* patternRows(
  runId: string,
  batches: RowBatches,
  validation: PatternValidation,
): AsyncGenerator<JudgedPattern> {
  let report = 0
  for await (const batch of batches) {
    for (const row of batch) {
      const parsed = reportedPatternSchema.safeParse(row)
      const { verdict, text } = validation.explain(report)
      yield {
        runId,
        rowNumber: report + 1,
        patternType: parsed.success ? parsed.data.pattern_type : '',
        addresses: parsed.success ? parsed.data.addresses : [],
        verdict,
        explanation: text.slice(0, MAX_EXPLANATION),
        isAccepted: verdict === 'found',
        plantedPattern: validation.plantedOf(report),
      }
      report += 1
    }
  }
}
