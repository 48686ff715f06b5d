import {
  benchmarkRunSchema,
  countSchema,
  StorageError,
  unitIntervalSchema,
  type BenchmarkOutcome,
  type BenchmarkRun,
} from '@subnetkit/core'
import { z } from 'zod'

import { column } from '../codecs/column.ts'
import { rowCodec, type RowCodec } from '../codecs/row-codec.ts'
import { participantTypeColumn } from './benchmark-columns.ts'

const {
  features: _features,
  imageType: _imageType,
  outcome: _outcome,
  ...sharedShape
} = benchmarkRunSchema.shape

const count = countSchema.nullable()
const share = unitIntervalSchema.nullable()

const featureShape = { featureRows: count, featureColumns: count, featureRowsWithoutAddress: count }
const patternShape = {
  patternsReported: count,
  patternsExpected: count,
  patternsFound: count,
  patternsBadData: count,
  patternsFabricated: count,
}
const scoreShape = {
  scoresReported: count,
  scoresExpected: count,
  addressesScored: count,
  scoresBadData: count,
  scoresFabricated: count,
  coverage: share,
  areaUnderCurve: share,
  precisionAtRecall_80: share,
  calibrationError: share,
}

/** What is one value of the model is there as a whole or not at all. */
function isWhole(row: Readonly<Record<string, unknown>>, shape: object): boolean {
  const fields = Object.keys(shape)
  const nulls = fields.filter((field) => row[field] === null).length
  return nulls === 0 || nulls === fields.length
}

const analyticsRunSchema = z
  .strictObject({ ...sharedShape, ...patternShape, ...featureShape })
  .refine((row) => isWhole(row, patternShape), 'has only a part of what was counted of its patterns')
  .refine((row) => isWhole(row, featureShape), 'has only a part of what was counted of its features')

const mlRunSchema = z
  .strictObject({ ...sharedShape, ...scoreShape, ...featureShape })
  .refine((row) => isWhole(row, scoreShape), 'has only a part of what was measured of its scores')
  .refine((row) => isWhole(row, featureShape), 'has only a part of what was counted of its features')

type AnalyticsRunRow = z.infer<typeof analyticsRunSchema>
type MlRunRow = z.infer<typeof mlRunSchema>

const before = {
  runId: column.string(),
  epochId: column.string(),
  hotkey: column.string(),
  tournamentId: column.nullable(column.string()),
  participantType: participantTypeColumn,
  testDate: column.date(),
  network: column.lowCardinality(),
  windowDays: column.uint16(),
  runOrder: column.uint16(),
  processingDate: column.date(),
  status: column.enum8({ pending: 1, running: 2, completed: 3, timeout: 4, failed: 5 }),
  attempts: column.uint64Number(),
  datasetSha256: column.nullable(column.fixedString(64)),
  sandbox: column.nullable(column.lowCardinality()),
  executionMs: column.nullable(column.uint64Number()),
  exitCode: column.nullable(column.int32()),
  memoryPeakBytes: column.nullable(column.uint64Number()),
  outputBytes: column.nullable(column.uint64Number()),
} as const
const after = {
  featureRows: column.nullable(column.uint64Number()),
  featureColumns: column.nullable(column.uint64Number()),
  featureRowsWithoutAddress: column.nullable(column.uint64Number()),
  errorMessage: column.nullable(column.string()),
  isDisqualified: column.bool(),
  disqualificationReason: column.nullable(column.string()),
  createdAt: column.dateTime64(),
  startedAt: column.nullable(column.dateTime64()),
  completedAt: column.nullable(column.dateTime64()),
} as const

/** One of the two tables of runs, and how a run becomes a row of it and a row a run. */
export interface RunTable<Row> {
  readonly codec: RowCodec<Row>
  /** Throws StorageError `invalid_input` for an outcome of the other kind. */
  toRow(run: BenchmarkRun): Row
  toRun(row: Row): BenchmarkRun
}

/** `benchmark_analytics_daily_runs`, ReplacingMergeTree keyed by epoch, hotkey, day, network and window. */
export const analyticsRunTable: RunTable<AnalyticsRunRow> = {
  codec: rowCodec({
    table: 'benchmark_analytics_daily_runs',
    engine: 'ReplacingMergeTree',
    schema: analyticsRunSchema,
    columns: {
      ...before,
      patternsReported: column.nullable(column.uint64Number()),
      patternsExpected: column.nullable(column.uint64Number()),
      patternsFound: column.nullable(column.uint64Number()),
      patternsBadData: column.nullable(column.uint64Number()),
      patternsFabricated: column.nullable(column.uint64Number()),
      ...after,
    },
  }),
  toRow({ imageType, outcome, features, ...shared }) {
    if (outcome !== null && outcome.kind !== 'patterns') throw foreignOutcome(imageType, outcome)
    return {
      ...shared,
      ...featureFields(features),
      patternsReported: outcome?.reported ?? null,
      patternsExpected: outcome?.expected ?? null,
      patternsFound: outcome?.found ?? null,
      patternsBadData: outcome?.badData ?? null,
      patternsFabricated: outcome?.fabricated ?? null,
    }
  },
  toRun({
    patternsReported: reported,
    patternsExpected: expected,
    patternsFound: found,
    patternsBadData: badData,
    patternsFabricated: fabricated,
    featureRows,
    featureColumns,
    featureRowsWithoutAddress,
    ...shared
  }) {
    const isValidated =
      reported !== null && expected !== null && found !== null && badData !== null && fabricated !== null
    return {
      ...shared,
      imageType: 'analytics',
      outcome: isValidated ? { kind: 'patterns', reported, expected, found, badData, fabricated } : null,
      features: featuresOf({ featureRows, featureColumns, featureRowsWithoutAddress }),
    }
  },
}

/** `benchmark_ml_daily_runs`, ReplacingMergeTree keyed by epoch, hotkey, day, network and window. */
export const mlRunTable: RunTable<MlRunRow> = {
  codec: rowCodec({
    table: 'benchmark_ml_daily_runs',
    engine: 'ReplacingMergeTree',
    schema: mlRunSchema,
    columns: {
      ...before,
      scoresReported: column.nullable(column.uint64Number()),
      scoresExpected: column.nullable(column.uint64Number()),
      addressesScored: column.nullable(column.uint64Number()),
      scoresBadData: column.nullable(column.uint64Number()),
      scoresFabricated: column.nullable(column.uint64Number()),
      coverage: column.nullable(column.float64()),
      areaUnderCurve: column.nullable(column.float64()),
      precisionAtRecall_80: column.nullable(column.float64()),
      calibrationError: column.nullable(column.float64()),
      ...after,
    },
  }),
  toRow({ imageType, outcome, features, ...shared }) {
    if (outcome !== null && outcome.kind !== 'scores') throw foreignOutcome(imageType, outcome)
    return {
      ...shared,
      ...featureFields(features),
      scoresReported: outcome?.reported ?? null,
      scoresExpected: outcome?.expected ?? null,
      addressesScored: outcome?.scored ?? null,
      scoresBadData: outcome?.badData ?? null,
      scoresFabricated: outcome?.fabricated ?? null,
      coverage: outcome?.coverage ?? null,
      areaUnderCurve: outcome?.areaUnderCurve ?? null,
      precisionAtRecall_80: outcome?.precisionAtRecall80 ?? null,
      calibrationError: outcome?.calibrationError ?? null,
    }
  },
  toRun({
    scoresReported,
    scoresExpected,
    addressesScored,
    scoresBadData,
    scoresFabricated,
    coverage,
    areaUnderCurve,
    precisionAtRecall_80: precisionAtRecall80,
    calibrationError,
    featureRows,
    featureColumns,
    featureRowsWithoutAddress,
    ...shared
  }) {
    const isValidated =
      scoresReported !== null &&
      scoresExpected !== null &&
      addressesScored !== null &&
      scoresBadData !== null &&
      scoresFabricated !== null &&
      coverage !== null &&
      areaUnderCurve !== null &&
      precisionAtRecall80 !== null &&
      calibrationError !== null
    return {
      ...shared,
      imageType: 'ml',
      outcome: isValidated
        ? {
            kind: 'scores',
            reported: scoresReported,
            expected: scoresExpected,
            scored: addressesScored,
            badData: scoresBadData,
            fabricated: scoresFabricated,
            coverage,
            areaUnderCurve,
            precisionAtRecall80,
            calibrationError,
          }
        : null,
      features: featuresOf({ featureRows, featureColumns, featureRowsWithoutAddress }),
    }
  },
}

type FeatureFields = Pick<AnalyticsRunRow, 'featureRows' | 'featureColumns' | 'featureRowsWithoutAddress'>

function featureFields(features: BenchmarkRun['features']): FeatureFields {
  return {
    featureRows: features?.rows ?? null,
    featureColumns: features?.columns ?? null,
    featureRowsWithoutAddress: features?.rowsWithoutAddress ?? null,
  }
}

function featuresOf({
  featureRows: rows,
  featureColumns: columns,
  featureRowsWithoutAddress: rowsWithoutAddress,
}: FeatureFields): BenchmarkRun['features'] {
  return rows === null || columns === null || rowsWithoutAddress === null
    ? null
    : { rows, columns, rowsWithoutAddress }
}

function foreignOutcome(imageType: string, { kind }: BenchmarkOutcome): StorageError {
  return new StorageError({
    code: 'invalid_input',
    message: `a run of type ${imageType} cannot have an outcome of ${kind}`,
    details: { field: 'outcome' },
  })
}
