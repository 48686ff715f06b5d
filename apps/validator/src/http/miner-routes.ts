import { hotkeySchema, minerSchema, StorageError } from '@subnetkit/core'
import { type HttpServer, pageQueryShape, pageReplySchema } from '@subnetkit/core/http'
import { z } from 'zod'

import { type ApiDeps, pageOf } from './api-deps.ts'

/** The miners that this validator knows: registration, pause and statistics. */
export function addMinerRoutes(server: HttpServer, { repositories }: ApiDeps): void {
  server.get(
    '/v1/miners',
    {
      schema: {
        summary: 'All miners, each once, in no order that means anything',
        querystring: z.strictObject(pageQueryShape),
        response: { 200: pageReplySchema(minerSchema) },
      },
    },
    async ({ query, signal }) => await repositories.miners.list(pageOf(query), { signal }),
  )

  server.get(
    '/v1/miners/:hotkey',
    {
      schema: {
        summary: 'One miner',
        params: z.strictObject({ hotkey: hotkeySchema }),
        response: { 200: minerSchema },
      },
    },
    async ({ params: { hotkey }, signal }) => {
      const miner = await repositories.miners.find({ hotkey }, { signal })
      if (miner !== null) return miner
      throw new StorageError({
        code: 'not_found',
        message: `there is no miner ${hotkey}; /v1/miners lists them`,
      })
    },
  )
}
