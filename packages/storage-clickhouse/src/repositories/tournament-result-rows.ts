import { tournamentResultSchema, type TournamentResult } from '@subnetkit/core'

import { column } from '../codecs/column.ts'
import { rowCodec, type RowCodec } from '../codecs/row-codec.ts'
import { earnedScoreColumns, participantTypeColumn } from './benchmark-columns.ts'

/** `tournament_results`, ReplacingMergeTree keyed by tournament and hotkey. */
export const tournamentResultRow: RowCodec<TournamentResult> = rowCodec({
  table: 'tournament_results',
  engine: 'ReplacingMergeTree',
  schema: tournamentResultSchema,
  columns: {
    tournamentId: column.string(),
    hotkey: column.string(),
    participantType: participantTypeColumn,
    ...earnedScoreColumns,
    rank: column.uint16(),
    isWinner: column.bool(),
    isBaselineBeaten: column.bool(),
    participantsBeaten: column.uint16(),
  },
})
