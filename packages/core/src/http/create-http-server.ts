import swagger from '@fastify/swagger'
import fastify, { type FastifyBaseLogger, LogController } from 'fastify'

import { isInputError } from '../errors/input-error.ts'
import { withCorrelationId } from '../observability/correlation-id.ts'
import type { Metrics } from '../observability/create-metrics.ts'
import { answerBrokenRequest } from './broken-request.ts'
import { errorReplySchema, toErrorReply } from './error-reply.ts'
import { addHealthRoute, type HealthCheck } from './health-route.ts'
import type { HttpServer } from './http-server.ts'
import { RequestRefusal } from './request-refusal.ts'
import { toRouteJsonSchema } from './to-json-schema.ts'
import { zodSerializerCompiler, zodValidatorCompiler, type ZodTypeProvider } from './zod-type-provider.ts'

/** What {@link createHttpServer} needs. */
export interface HttpServerOptions {
  readonly title: string
  readonly version: string
  readonly description?: string
  readonly logger: FastifyBaseLogger
  readonly metrics: Pick<Metrics, 'text' | 'contentType'>
  readonly health: HealthCheck
  /** Makes an id for a request that brings none of its own in `x-request-id`. */
  readonly createRequestId: () => string
  /** Declares the app's routes; one function per resource. */
  readonly routes: (server: HttpServer) => void | Promise<void>
  /** Largest request body, in bytes. @default 1048576 */
  readonly bodyLimitBytes?: number
  /** How long a client may take to send a request, in ms; a slower one is cut off with 408. @default 60000 */
  readonly requestTimeoutMs?: number
  /** How long the health check may take, in ms. @default 2000 */
  readonly healthTimeoutMs?: number
}

const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/

/**
 * Builds a server that does not listen yet: the app's routes, `/openapi.json` (OpenAPI 3.1 from the same zod schemas),
 * `/health` and `/metrics`. Every failure has the body `{ error: { code, message, field?, hint? } }`. Each request runs
 * under its correlation id, which also stands in the reply's `x-request-id`.
 */
export async function createHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { requestTimeoutMs = 60_000 } = options
  const server = fastify({
    loggerInstance: options.logger,
    // One line per request is written below, under its correlation id.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: options.bodyLimitBytes ?? 1_048_576,
    forceCloseConnections: 'idle',
    requestTimeout: requestTimeoutMs,
    // Node swaps the two limits when the one on headers is larger, and looks for slow clients every 30 s by default.
    http: {
      requestTimeout: requestTimeoutMs,
      headersTimeout: Math.min(60_000, requestTimeoutMs),
      connectionsCheckingInterval: Math.min(10_000, requestTimeoutMs),
    },
    clientErrorHandler: answerBrokenRequest,
    routerOptions: { maxParamLength: 512 },
    requestIdHeader: false,
    genReqId: ({ headers }) => {
      const given = headers['x-request-id']
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : options.createRequestId()
    },
  }).withTypeProvider<ZodTypeProvider>()
  server.setValidatorCompiler(zodValidatorCompiler)
  server.setSerializerCompiler(zodSerializerCompiler)
  addCorrelation(server)
  addFailures(server)
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: options.title,
        version: options.version,
        ...(options.description === undefined ? {} : { description: options.description }),
      },
    },
    transform: ({ schema, url }) => ({ schema: toRouteJsonSchema({ ...schema }, errorReplySchema), url }),
  })
  await options.routes(server)
  addHealthRoute(server, options)
  server.get('/metrics', { schema: { hide: true } }, async (_request, reply) => {
    return await reply.type(options.metrics.contentType).send(await options.metrics.text())
  })
  server.get('/openapi.json', { schema: { hide: true } }, async () => server.swagger())
  await server.ready()
  return server
}

function addCorrelation(server: HttpServer): void {
  server.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    withCorrelationId(request.id, done)
  })
  // Reading a body continues in the socket's own context; handlers must find the request's again.
  server.addHook('preValidation', (request, _reply, done) => {
    withCorrelationId(request.id, done)
  })
  server.addHook('onResponse', async (request, reply) => {
    withCorrelationId(request.id, () => {
      const details = {
        method: request.method,
        url: request.url,
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime),
      }
      request.log.info(details, 'request answered')
    })
  })
}

function addFailures(server: HttpServer): void {
  server.setErrorHandler(async (error, request, reply) => {
    const { status, body } = toErrorReply(error)
    // A refusal is the server's own decision: nothing failed that somebody has to look into.
    if (status >= 500 && !(error instanceof RequestRefusal)) {
      withCorrelationId(request.id, () =>
        request.log.error({ err: error, method: request.method, url: request.url }, 'request failed'),
      )
    } else if (!isInputError(error)) {
      request.log.debug({ code: body.error.code }, 'request refused')
    }
    return await reply
      .code(status)
      .type('application/json; charset=utf-8')
      .serializer(JSON.stringify)
      .send(body)
  })
  server.setNotFoundHandler(async (request, reply) => {
    const message = `there is no ${request.method} ${request.url.split('?')[0] ?? ''}; /openapi.json lists what there is`
    return await reply.code(404).send({ error: { code: 'not_found', message } })
  })
}
