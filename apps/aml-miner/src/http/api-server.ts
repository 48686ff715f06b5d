import { createHttpServer, type HttpServer, type HttpServerOptions } from '@subnetkit/core/http'

import { addAlertRoutes } from './alert-routes.ts'
import type { ApiDeps } from './api-deps.ts'
import { addDayRoutes } from './day-routes.ts'
import { addScoreRoutes } from './score-routes.ts'

/** What the read API needs besides its stores. */
export type ApiServerOptions = Pick<HttpServerOptions, 'createRequestId' | 'health' | 'logger' | 'metrics'>

/** The miner's read API: networks, dates, batches, scores, ranks, and single alerts with their reasons. */
export async function createApiServer(deps: ApiDeps, options: ApiServerOptions): Promise<HttpServer> {
  return await createHttpServer({
    ...options,
    title: 'SubnetKit AML miner',
    version: deps.apiVersion,
    description: 'Scores, ranks and clusters of a miner’s days. Only completed batches are served.',
    routes: (server) => {
      addDayRoutes(server, deps)
      addScoreRoutes(server, deps)
      addAlertRoutes(server, deps)
    },
  })
}
