import { parseInput } from '@subnetkit/core'
import { type HttpServer, RequestRefusal } from '@subnetkit/core/http'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'

import type { SignedClaim } from '../auth/admission-rules.ts'
import { admitBody, admitHeaders, type AdmissionDeps } from '../auth/admit-request.ts'
import { checkJsonShape } from './check-json-shape.ts'

/** The header of every answer to a signed request: the server's clock, in ms since 1970. */
const SERVER_TIME_HEADER = 'x-subnetkit-server-time'

/** Gives a route the hotkey that signed its request. */
export type SignerOf = (request: object) => string

/**
 * Declares routes that only signed requests of allowed executors reach. The order is that of what a refusal costs us:
 * the rate, the headers, the allow-list and the clock before any byte of the body is read; then the size, the
 * signature, the nonce; and only then is the body parsed.
 */
export function addSignedScope(
  server: HttpServer,
  deps: AdmissionDeps,
  declareRoutes: (scope: HttpServer, signerOf: SignerOf) => void,
): void {
  const claims = new WeakMap<object, SignedClaim>()
  const claimOf = (request: object): SignedClaim => {
    const claim = claims.get(request)
    if (claim !== undefined) return claim
    throw new RequestRefusal({ status: 401, code: 'not_signed', message: 'the request is not signed' })
  }
  server.register(async (scope: HttpServer) => {
    scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
      done(null, body)
    })
    scope.addHook('onRequest', async (request, reply) => {
      reply.header(SERVER_TIME_HEADER, deps.now().getTime())
      claims.set(request, await admitHeaders(deps, request.headers))
    })
    scope.addHook('preValidation', async (request) => {
      const body = bytesOf(request)
      const { method, url: target } = request
      await admitBody(deps, claimOf(request), { method, target, body })
      request.body = parseJson(body)
    })
    declareRoutes(scope, (request) => claimOf(request).hotkey)
  })
}

function bytesOf({ body }: Pick<FastifyRequest, 'body'>): Uint8Array {
  return body instanceof Uint8Array ? body : new Uint8Array()
}

const jsonBody = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    context.addIssue({ code: 'custom', message: 'must be JSON' })
    return z.NEVER
  }
})

function parseJson(body: Uint8Array): unknown {
  checkJsonShape('body', body)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    text = ''
  }
  return parseInput(jsonBody, text, { subject: 'body' })
}
