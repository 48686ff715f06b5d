import { hotkeySchema, minerScoreSchema, scoreSnapshotSchema, StorageError } from '@subnetkit/core'
import { type HttpServer, pageQueryShape, pageReplySchema } from '@subnetkit/core/http'
import { z } from 'zod'

import { type ApiDeps, pageOf } from './api-deps.ts'

/** Published scores: the latest, whole, and the history of one miner. */
export function addScoreRoutes(server: HttpServer, { now, repositories: { minerScores } }: ApiDeps): void {
  const querystring = z.strictObject(pageQueryShape)

  server.get(
    '/v1/scores/latest',
    {
      schema: {
        summary: 'The latest snapshot and its scores in the order of hotkeys',
        querystring,
        response: {
          200: z.strictObject({
            snapshot: scoreSnapshotSchema,
            ...pageReplySchema(minerScoreSchema).shape,
          }),
        },
      },
    },
    async ({ query, signal }) => {
      const snapshot = await minerScores.findLatestSnapshot({ now: now() }, { signal })
      if (snapshot === null) {
        throw new StorageError({
          code: 'not_found',
          message: 'no scores were published in the last 30 days',
        })
      }
      const page = await minerScores.list({ snapshot, now: now(), ...pageOf(query) }, { signal })
      return { snapshot, items: page.items, nextCursor: page.nextCursor }
    },
  )

  server.get(
    '/v1/scores/history/:hotkey',
    {
      schema: {
        summary: 'The scores of one miner over published snapshots, newest block first',
        params: z.strictObject({ hotkey: hotkeySchema }),
        querystring,
        response: { 200: pageReplySchema(minerScoreSchema) },
      },
    },
    async ({ params: { hotkey: minerHotkey }, query, signal }) =>
      await minerScores.listHistory({ minerHotkey, now: now(), ...pageOf(query) }, { signal }),
  )
}
