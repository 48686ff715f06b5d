import { benchmarkEpochSchema, type BenchmarkEpoch } from '@subnetkit/core'

import { column } from '../codecs/column.ts'
import { rowCodec, type RowCodec } from '../codecs/row-codec.ts'
import { imageTypeColumn, participantTypeColumn } from './benchmark-columns.ts'

/** `benchmark_epochs`, ReplacingMergeTree keyed by its id. */
export const benchmarkEpochRow: RowCodec<BenchmarkEpoch> = rowCodec({
  table: 'benchmark_epochs',
  engine: 'ReplacingMergeTree',
  schema: benchmarkEpochSchema,
  columns: {
    epochId: column.string(),
    tournamentId: column.nullable(column.string()),
    hotkey: column.string(),
    imageType: imageTypeColumn,
    participantType: participantTypeColumn,
    startDate: column.date(),
    endDate: column.date(),
    status: column.enum8({ pending: 1, running: 2, completed: 3, failed: 4 }),
    repository: column.string(),
    commit: column.fixedString(40),
    treeSha256: column.nullable(column.fixedString(64)),
    image: column.nullable(column.string()),
    minerDatabaseName: column.string(),
    errorMessage: column.nullable(column.string()),
    createdAt: column.dateTime64(),
    completedAt: column.nullable(column.dateTime64()),
  },
})
