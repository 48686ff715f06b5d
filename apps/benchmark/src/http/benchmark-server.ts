import rateLimit from '@fastify/rate-limit'
import {
  createHttpServer,
  type HttpServer,
  type HttpServerOptions,
  RequestRefusal,
} from '@subnetkit/core/http'

import type { ApiDeps } from './api-deps.ts'
import { addDayRoutes } from './day-routes.ts'
import { addInternalRoutes } from './internal-routes.ts'
import { addLeaderboardRoutes } from './leaderboard-routes.ts'
import { addMinerRoutes } from './miner-routes.ts'
import { addPageRoutes } from './page-routes.ts'
import { addParticipantRoutes } from './participant-routes.ts'
import { addRunOutputRoutes } from './run-output-routes.ts'
import { addSubmissionRoutes } from './submission-routes.ts'
import { addTournamentRoutes } from './tournament-routes.ts'

/** What the API needs besides its stores. */
export interface BenchmarkServerOptions extends Pick<
  HttpServerOptions,
  'createRequestId' | 'health' | 'logger' | 'metrics' | 'requestTimeoutMs'
> {
  /** Requests of one address per minute, of all routes together. @default 600 */
  readonly requestsPerMinute?: number
}

/** Addresses whose requests are counted at a time; the oldest is forgotten first. */
const COUNTED_ADDRESSES = 10_000

const description = `
Reading is public. Names of fields are in snake_case, times are UTC.

What a tournament's days hold is a secret until it is completed: its seed, the planted patterns, which of them a run
missed, and verdicts, which name them, are not told before (409 NOT_REVEALED; also while another tournament that is not
over is bound to the same seed). Counts are told as runs end: how many patterns were planted, found and reported.
seed_sha256 is told from the start, so that everybody can check the seed afterwards: it is the SHA-256 of dataset_seed.
Repositories and commits of participants are told once registration is closed.

Registration (/api/internal/…) takes requests with the operator's key in the header x-api-key.
`.trim()

/** The benchmark's API and pages: tournaments, leaderboards, days, miners' runs, and the registration of miners. */
export async function createBenchmarkServer(
  deps: ApiDeps,
  options: BenchmarkServerOptions,
): Promise<HttpServer> {
  const { requestsPerMinute = 600, ...server } = options
  return await createHttpServer({
    ...server,
    title: 'SubnetKit benchmark',
    version: deps.version,
    description,
    bodyLimitBytes: 16 * 1024,
    routes: async (app) => {
      app.addHook('onRequest', async (_request, reply) => {
        // Texts of miners go out as JSON and must never be taken for anything else.
        reply.header('x-content-type-options', 'nosniff')
      })
      await app.register(rateLimit, {
        max: requestsPerMinute,
        timeWindow: 60_000,
        cache: COUNTED_ADDRESSES,
        errorResponseBuilder: (_request, { after }) =>
          new RequestRefusal({
            status: 429,
            code: 'TOO_MANY_REQUESTS',
            message: 'too many requests from this address',
            hint: `try again in ${after}`,
          }),
      })
      addTournamentRoutes(app, deps)
      addLeaderboardRoutes(app, deps)
      addDayRoutes(app, deps)
      addParticipantRoutes(app, deps)
      addRunOutputRoutes(app, deps)
      addMinerRoutes(app, deps)
      addSubmissionRoutes(app, deps)
      await addInternalRoutes(app, deps)
      addPageRoutes(app, deps)
    },
  })
}
