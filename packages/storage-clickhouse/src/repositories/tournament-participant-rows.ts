import { tournamentParticipantSchema, type TournamentParticipant } from '@subnetkit/core'

import { column } from '../codecs/column.ts'
import { rowCodec, type RowCodec } from '../codecs/row-codec.ts'
import { participantTypeColumn } from './benchmark-columns.ts'

/** `tournament_participants`, ReplacingMergeTree keyed by tournament and hotkey. */
export const tournamentParticipantRow: RowCodec<TournamentParticipant> = rowCodec({
  table: 'tournament_participants',
  engine: 'ReplacingMergeTree',
  schema: tournamentParticipantSchema,
  columns: {
    tournamentId: column.string(),
    hotkey: column.string(),
    participantType: participantTypeColumn,
    registrationOrder: column.uint16(),
    repository: column.string(),
    commit: column.fixedString(40),
    minerDatabaseName: column.string(),
    baselineId: column.nullable(column.string()),
    status: column.enum8({
      registered: 1,
      active: 2,
      completed: 3,
      failed: 4,
      disqualified: 5,
      withdrawn: 6,
    }),
    reason: column.nullable(column.string()),
    disqualifiedOnDay: column.nullable(column.uint8()),
    registeredAt: column.dateTime64(),
    updatedAt: column.dateTime64(),
  },
})
