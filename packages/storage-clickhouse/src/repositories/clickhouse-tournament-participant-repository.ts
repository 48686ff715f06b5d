import {
  hotkeySchema,
  tournamentParticipantSchema,
  uuidSchema,
  type TournamentParticipant,
  type TournamentParticipantRepository,
} from '@subnetkit/core'
import { z } from 'zod'

import { column } from '../codecs/column.ts'
import { rowReader } from '../codecs/row-codec.ts'
import type { PageKey } from '../query/read-page.ts'
import { readAll } from '../query/read-rows.ts'
import { from } from '../query/table-name.ts'
import { checkParam } from './check-param.ts'
import { createCurrentRows } from './current-rows.ts'
import { fieldCondition } from './field-condition.ts'
import { signalOf, type Condition } from './key-condition.ts'
import type { RepositoryContext } from './keyed-rows.ts'
import { readCount } from './read-count.ts'
import { MAX_PARAMETER_BYTES, textChunks } from './text-chunks.ts'
import { tournamentParticipantRow } from './tournament-participant-rows.ts'

const byRegistration: readonly PageKey<TournamentParticipant>[] = [
  { field: 'registrationOrder', column: 'registration_order', type: 'UInt16' },
  { field: 'hotkey', column: 'hotkey', type: 'String' },
]

const minersReader = rowReader({
  label: 'miners of tournaments',
  schema: z.strictObject({ tournamentId: uuidSchema, miners: z.int().min(0) }),
  columns: { tournamentId: column.string(), miners: column.uint64Number() },
})

/** What is kept once for each tournament and hotkey. */
export function tournamentHotkeyCondition(
  key: Readonly<{ tournamentId: string; hotkey: string }>,
): Condition {
  return fieldCondition({
    tournamentId: { schema: uuidSchema, value: key.tournamentId },
    hotkey: { schema: hotkeySchema, value: key.hotkey },
  })
}

/** Everything of one tournament. */
export function tournamentCondition(tournamentId: string): Condition {
  return fieldCondition({ tournamentId: { schema: uuidSchema, value: tournamentId } })
}

/** Participants in `tournament_participants`. */
export function createClickHouseTournamentParticipantRepository(
  context: RepositoryContext,
): TournamentParticipantRepository {
  const { connection } = context
  const rows = createCurrentRows(context, tournamentParticipantRow)
  const table = from(connection, tournamentParticipantRow)
  return {
    async put({ participant }, options) {
      checkParam('participant', tournamentParticipantSchema, participant)
      await rows.put([participant], tournamentHotkeyCondition(participant), options)
    },
    async find(key, options) {
      return rows.find(tournamentHotkeyCondition(key), options)
    },
    async get(key, options) {
      const what = `participant ${key.hotkey} of tournament ${key.tournamentId}`
      return rows.get(tournamentHotkeyCondition(key), what, options)
    },
    async list({ tournamentId, ...page }, options) {
      return rows.list({ ...tournamentCondition(tournamentId), ...page, orderBy: byRegistration }, options)
    },
    async nextRegistrationOrder({ tournamentId }, options) {
      const { where, params } = tournamentCondition(tournamentId)
      // Of no rows max is 0, which is the baseline's place too.
      const sql = `SELECT toUInt64(max(registration_order)) FROM ${table} WHERE ${where}`
      return (await readCount(connection, { sql, params, ...signalOf(options) })) + 1
    },
    async countMiners({ tournamentIds }, options) {
      checkParam('tournamentIds', z.array(uuidSchema), tournamentIds)
      options?.signal?.throwIfAborted()
      const miners = new Map<string, number>()
      for (const ids of textChunks([...new Set(tournamentIds)], MAX_PARAMETER_BYTES)) {
        const counted = await readAll(connection, minersReader, {
          sql: `SELECT tournament_id, count() FROM ${table}
WHERE tournament_id IN {ids:Array(String)} AND participant_type = 'miner' AND status != 'withdrawn'
GROUP BY tournament_id`,
          params: { ids },
          ...signalOf(options),
        })
        for (const { tournamentId, miners: count } of counted) miners.set(tournamentId, count)
      }
      return miners
    },
  }
}
