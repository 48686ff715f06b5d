import {
  tournamentResultSchema,
  type TournamentResult,
  type TournamentResultRepository,
} from '@subnetkit/core'
import { z } from 'zod'

import type { PageKey } from '../query/read-page.ts'
import { checkParam } from './check-param.ts'
import {
  tournamentCondition,
  tournamentHotkeyCondition,
} from './clickhouse-tournament-participant-repository.ts'
import { createCurrentRows } from './current-rows.ts'
import type { RepositoryContext } from './keyed-rows.ts'
import { tournamentResultRow } from './tournament-result-rows.ts'

const byRank: readonly PageKey<TournamentResult>[] = [
  { field: 'rank', column: 'rank', type: 'UInt16' },
  { field: 'hotkey', column: 'hotkey', type: 'String' },
]

const resultsSchema = z.array(tournamentResultSchema)

/** Results in `tournament_results`. */
export function createClickHouseTournamentResultRepository(
  context: RepositoryContext,
): TournamentResultRepository {
  const rows = createCurrentRows(context, tournamentResultRow)
  return {
    async put({ results }, options) {
      options?.signal?.throwIfAborted()
      checkParam('results', resultsSchema, results)
      for (const tournamentId of new Set(results.map((result) => result.tournamentId))) {
        await rows.put(
          results.filter((result) => result.tournamentId === tournamentId),
          tournamentCondition(tournamentId),
          options,
        )
      }
    },
    async find(key, options) {
      return rows.find(tournamentHotkeyCondition(key), options)
    },
    async list({ tournamentId, ...page }, options) {
      return rows.list({ ...tournamentCondition(tournamentId), ...page, orderBy: byRank }, options)
    },
  }
}
