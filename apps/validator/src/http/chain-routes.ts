import { blockNumberSchema, chainNeuronSchema, StorageError } from '@subnetkit/core'
import type { HttpServer } from '@subnetkit/core/http'
import { z } from 'zod'

import type { ApiDeps } from './api-deps.ts'

/** What the chain made of everybody's weights. */
export function addChainRoutes(server: HttpServer, { published }: ApiDeps): void {
  server.get(
    '/v1/chain/epochs/latest',
    {
      schema: {
        summary: 'The last epoch that was kept, with every neuron in the order of uids',
        response: {
          200: z.strictObject({
            epochBlock: blockNumberSchema,
            neurons: z.array(chainNeuronSchema).readonly(),
          }),
        },
      },
    },
    async ({ signal }) => {
      const epoch = await published.findLastEpoch({ signal })
      if (epoch !== null) return epoch
      throw new StorageError({
        code: 'not_found',
        message: 'no epoch was kept yet; validator weights watch keeps each one',
      })
    },
  )
}
