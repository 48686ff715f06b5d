import rateLimit from '@fastify/rate-limit'
import {
  createHttpServer,
  type HttpServer,
  type HttpServerOptions,
  RequestRefusal,
} from '@subnetkit/core/http'

import { addAgentCodeRoutes } from './agent-code-routes.ts'
import { addAgentExecutionRoutes } from './agent-execution-routes.ts'
import { addAgentPageRoutes } from './agent-page-routes.ts'
import { addAgentRoutes } from './agent-routes.ts'
import { addAgentStandingRoutes } from './agent-standing-routes.ts'
import { addAgentWeightRoutes } from './agent-weight-routes.ts'
import type { ApiDeps } from './api-deps.ts'
import { addChainRoutes } from './chain-routes.ts'
import { addCycleRoutes } from './cycle-routes.ts'
import { addEvaluatorRoutes } from './evaluator-routes.ts'
import { addLeaderboardRoutes } from './leaderboard-routes.ts'
import { addMinerRecordRoutes } from './miner-record-routes.ts'
import { addMinerRoutes } from './miner-routes.ts'
import { addPageRoutes } from './page-routes.ts'
import { addSampleRoutes } from './sample-routes.ts'
import { addScoreRoutes } from './score-routes.ts'
import { addStateRoutes } from './state-routes.ts'
import { addStatsRoutes } from './stats-routes.ts'
import { addTaskRoutes } from './task-routes.ts'
import { addUploadRoutes } from './upload-routes.ts'

/** What the API needs besides its stores. */
export interface ApiServerOptions extends Pick<
  HttpServerOptions,
  'createRequestId' | 'health' | 'logger' | 'metrics' | 'requestTimeoutMs'
> {
  /** Requests of one address per minute to a read route; signed routes allow more. @default 600 */
  readonly readsPerMinute?: number
}

/** Addresses whose requests are counted at a time; the oldest is forgotten first. */
const COUNTED_ADDRESSES = 10_000

const description = `
Reading is public. Work for remote executors (POST /v1/tasks/…) takes requests that are signed with sr25519 by a hotkey
of the configuration \`executors.allowed\`, over eight lines joined by line feeds, in UTF-8:

    subnetkit-request-v1
    <validatorHotkey of GET /v1/about>
    POST
    <path with query, as requested>
    <SHA-256 of the body, hex>
    <hotkey>
    <milliseconds since 1970>
    <nonce>

The headers x-subnetkit-hotkey, -timestamp, -nonce and -signature (128 hex digits) carry the parts. A nonce is 16–64
letters, digits, _ or - and good for one request. Every reply to a signed request has x-subnetkit-server-time.

The \`signature\` of an answer is by the same hotkey over canonical JSON (RFC 8785) with the members domain
("subnetkit-sample-v1"), minerHotkey, modelRevision, environment, generation, taskId, answerSha256, fault (null) and
latencyMs; for a miner's fault, answerSha256 is null and fault the reason. It is kept with the sample.

The work of validators that judge agents (/v1/evaluations/…) takes requests that are signed in the same way, with their
own method in the third line, by a hotkey of the configuration \`agents.validators\`; while that is not set, by this
validator's own.

An agent is uploaded (POST /v1/agents?name=…&versionNum=…) by a request that is signed in the same way by the hotkey of the
miner, which has to be a neuron of the subnet; the body is the file. GET /v1/agent-uploads/next tells the number.

A request whose reply was lost is sent again with a new nonce and the same body: it has the same result.
`.trim()

/** The validator's API: work for remote executors, and what it knows of miners, samples, scores and tasks. */
export async function createApiServer(deps: ApiDeps, options: ApiServerOptions): Promise<HttpServer> {
  const { readsPerMinute = 600, ...server } = options
  return await createHttpServer({
    ...server,
    title: 'SubnetKit validator',
    version: deps.version,
    description,
    bodyLimitBytes: 64 * 1024,
    routes: async (app) => {
      app.addHook('onRequest', async (_request, reply) => {
        // Texts of miners go out as JSON and must never be taken for anything else.
        reply.header('x-content-type-options', 'nosniff')
      })
      await app.register(rateLimit, {
        max: readsPerMinute,
        timeWindow: 60_000,
        cache: COUNTED_ADDRESSES,
        errorResponseBuilder: (_request, { after }) =>
          new RequestRefusal({
            status: 429,
            code: 'too_many_requests',
            message: 'too many requests from this address',
            hint: `try again in ${after}`,
          }),
      })
      addMinerRoutes(app, deps)
      addSampleRoutes(app, deps)
      addScoreRoutes(app, deps)
      addStateRoutes(app, deps)
      addTaskRoutes(app, deps)
      addLeaderboardRoutes(app, deps)
      addCycleRoutes(app, deps)
      addMinerRecordRoutes(app, deps)
      addStatsRoutes(app, deps)
      addChainRoutes(app, deps)
      addAgentRoutes(app, deps)
      addAgentStandingRoutes(app, deps)
      addAgentExecutionRoutes(app, deps)
      addAgentWeightRoutes(app, deps)
      addEvaluatorRoutes(app, deps)
      addAgentCodeRoutes(app, deps)
      addUploadRoutes(app, deps)
      addPageRoutes(app, deps)
      addAgentPageRoutes(app, deps)
    },
  })
}
