import {
  imageTypeSchema,
  tournamentSchema,
  tournamentStatuses,
  uuidSchema,
  type Tournament,
  type TournamentRepository,
} from '@subnetkit/core'
import { z } from 'zod'

import type { PageKey } from '../query/read-page.ts'
import { from } from '../query/table-name.ts'
import { checkParam } from './check-param.ts'
import { createCurrentRows } from './current-rows.ts'
import { fieldCondition } from './field-condition.ts'
import { signalOf, type Condition } from './key-condition.ts'
import type { RepositoryContext } from './keyed-rows.ts'
import { readCount } from './read-count.ts'
import { tournamentRow } from './tournament-rows.ts'

const latestFirst: readonly PageKey<Tournament>[] = [
  { field: 'competitionStart', column: 'competition_start', type: 'Date', direction: 'desc' },
  { field: 'tournamentId', column: 'tournament_id', type: 'String' },
]

function idCondition(tournamentId: string): Condition {
  return fieldCondition({ tournamentId: { schema: uuidSchema, value: tournamentId } })
}

function wantedCondition({ imageType, statuses }: Parameters<TournamentRepository['count']>[0]): Condition {
  return fieldCondition(
    {},
    {
      imageType: { schema: imageTypeSchema, value: imageType },
      status: { schema: z.array(z.enum(tournamentStatuses)), value: statuses },
    },
  )
}

/** Tournaments in `tournament_tournaments`. */
export function createClickHouseTournamentRepository(context: RepositoryContext): TournamentRepository {
  const rows = createCurrentRows(context, tournamentRow)
  return {
    async put({ tournament }, options) {
      checkParam('tournament', tournamentSchema, tournament)
      await rows.put([tournament], idCondition(tournament.tournamentId), options)
    },
    async find({ tournamentId }, options) {
      return rows.find(idCondition(tournamentId), options)
    },
    async get({ tournamentId }, options) {
      return rows.get(idCondition(tournamentId), `tournament ${tournamentId}`, options)
    },
    async list(params, options) {
      const { limit, cursor = null } = params
      return rows.list({ ...wantedCondition(params), limit, cursor, orderBy: latestFirst }, options)
    },
    async count(wanted, options) {
      const { where, params } = wantedCondition(wanted)
      return readCount(context.connection, {
        sql: `SELECT count() FROM ${from(context.connection, tournamentRow)} WHERE ${where}`,
        params,
        ...signalOf(options),
      })
    },
  }
}
