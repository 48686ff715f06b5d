import { tournamentSchema, type Tournament } from '@subnetkit/core'

import { column } from '../codecs/column.ts'
import { rowCodec, type RowCodec } from '../codecs/row-codec.ts'
import { imageTypeColumn } from './benchmark-columns.ts'

/** `tournament_tournaments`, ReplacingMergeTree keyed by its id. */
export const tournamentRow: RowCodec<Tournament> = rowCodec({
  table: 'tournament_tournaments',
  engine: 'ReplacingMergeTree',
  schema: tournamentSchema,
  columns: {
    tournamentId: column.string(),
    name: column.string(),
    imageType: imageTypeColumn,
    registrationStart: column.date(),
    registrationEnd: column.date(),
    competitionStart: column.date(),
    competitionEnd: column.date(),
    maxParticipants: column.uint16(),
    epochDays: column.uint8(),
    testNetworks: column.array(column.string()),
    testWindowDays: column.array(column.uint16()),
    datasetTransfers: column.uint64Number(),
    datasetSeed: column.string(),
    seedSha256: column.fixedString(64),
    ruleSet: column.lowCardinality(),
    timeLimitMs: column.uint64Number(),
    baselineId: column.nullable(column.string()),
    status: column.enum8({
      draft: 1,
      registration: 2,
      in_progress: 3,
      scoring: 4,
      completed: 5,
      cancelled: 6,
    }),
    currentDay: column.uint8(),
    winnerHotkey: column.nullable(column.string()),
    isBaselineBeaten: column.bool(),
    cancelReason: column.nullable(column.string()),
    createdAt: column.dateTime64(),
    completedAt: column.nullable(column.dateTime64()),
  },
})
