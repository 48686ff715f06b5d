import {
  judgedPatternSchema,
  judgedScoreSchema,
  plantedOutcomeSchema,
  type JudgedPattern,
  type JudgedScore,
  type PlantedOutcome,
} from '@subnetkit/core'

import { column } from '../codecs/column.ts'
import { rowCodec, type RowCodec } from '../codecs/row-codec.ts'

/** `miner_output_patterns` of a miner's own database, ReplacingMergeTree keyed by run and row of the report. */
export const judgedPatternRow: RowCodec<JudgedPattern> = rowCodec({
  table: 'miner_output_patterns',
  engine: 'ReplacingMergeTree',
  schema: judgedPatternSchema,
  columns: {
    runId: column.string(),
    rowNumber: column.uint32(),
    patternType: column.string(),
    addresses: column.array(column.string()),
    verdict: column.lowCardinality(),
    explanation: column.string(),
    isAccepted: column.bool(),
    plantedPattern: column.string(),
  },
})

/** `miner_planted_patterns` of a miner's own database, ReplacingMergeTree keyed by run and planted pattern. */
export const plantedOutcomeRow: RowCodec<PlantedOutcome> = rowCodec({
  table: 'miner_planted_patterns',
  engine: 'ReplacingMergeTree',
  schema: plantedOutcomeSchema,
  columns: {
    runId: column.string(),
    plantedPattern: column.string(),
    patternType: column.lowCardinality(),
    addresses: column.array(column.string()),
    isFound: column.bool(),
    foundByRow: column.nullable(column.uint64Number()),
  },
})

/** `miner_risk_scores` of a miner's own database, ReplacingMergeTree keyed by run and row of the report. */
export const judgedScoreRow: RowCodec<JudgedScore> = rowCodec({
  table: 'miner_risk_scores',
  engine: 'ReplacingMergeTree',
  schema: judgedScoreSchema,
  columns: {
    runId: column.string(),
    rowNumber: column.uint32(),
    address: column.string(),
    riskScore: column.nullable(column.float64()),
    verdict: column.lowCardinality(),
  },
})
