import { benchmarkScoreSchema, type BenchmarkScore } from '@subnetkit/core'

import { column } from '../codecs/column.ts'
import { rowCodec, type RowCodec } from '../codecs/row-codec.ts'
import { earnedScoreColumns, imageTypeColumn, participantTypeColumn } from './benchmark-columns.ts'

/** `benchmark_scores`, ReplacingMergeTree keyed by type, hotkey and epoch. */
export const benchmarkScoreRow: RowCodec<BenchmarkScore> = rowCodec({
  table: 'benchmark_scores',
  engine: 'ReplacingMergeTree',
  schema: benchmarkScoreSchema,
  columns: {
    imageType: imageTypeColumn,
    hotkey: column.string(),
    epochId: column.string(),
    tournamentId: column.nullable(column.string()),
    participantType: participantTypeColumn,
    ...earnedScoreColumns,
    rank: column.nullable(column.uint32()),
  },
})
