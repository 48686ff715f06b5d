import { parseInput } from '@subnetkit/core'
import { type HttpServer, RequestRefusal } from '@subnetkit/core/http'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'

import type { SignedClaim } from '../auth/admission-rules.ts'
import { admitBody, admitHeaders, type AdmissionDeps } from '../auth/admit-request.ts'
import type { MayAsk } from '../auth/may-ask.ts'
import { checkJsonShape } from './check-json-shape.ts'

/** The header of every answer to a signed request: the server's clock, in ms since 1970. */
const SERVER_TIME_HEADER = 'x-subnetkit-server-time'

/** Gives a route the hotkey that signed its request. */
export type SignerOf = (request: object) => string

/** Who gets in, and with what. */
export interface SignedScopeOptions {
  readonly admission: AdmissionDeps
  /** Decides before any byte of the body is read. */
  readonly mayAsk: MayAsk
  /** `json` is parsed once the signature is right; `bytes` reach the route as they are, of whatever type. @default 'json' */
  readonly body?: 'json' | 'bytes'
}

/**
 * Declares routes that only signed requests reach, of those who may ask. The order is that of what a refusal costs us: the
 * rate, the headers, the clock and who may ask before any byte of the body is read; then the size, the signature, the
 * nonce; and only then is the body parsed.
 */
export function addSignedScope(
  server: HttpServer,
  options: SignedScopeOptions,
  declareRoutes: (scope: HttpServer, signerOf: SignerOf) => void,
): void {
  const { admission, mayAsk, body: kind = 'json' } = options
  const claims = new WeakMap<object, SignedClaim>()
  const claimOf = (request: object): SignedClaim => {
    const claim = claims.get(request)
    if (claim !== undefined) return claim
    throw new RequestRefusal({ status: 401, code: 'not_signed', message: 'the request is not signed' })
  }
  server.register(async (scope: HttpServer) => {
    if (kind === 'bytes') scope.removeAllContentTypeParsers()
    const types = kind === 'bytes' ? '*' : 'application/json'
    scope.addContentTypeParser(types, { parseAs: 'buffer' }, (_request, body, done) => {
      done(null, body)
    })
    scope.addHook('onRequest', async (request, reply) => {
      reply.header(SERVER_TIME_HEADER, admission.now().getTime())
      const claim = admitHeaders(admission, request.headers)
      const { hotkey } = claim
      // Not its signal: one that is asked for before the body is read is aborted by the body's end.
      await mayAsk({ hotkey, query: request.query, contentLength: lengthOf(request) })
      claims.set(request, claim)
    })
    scope.addHook('preValidation', async (request) => {
      const body = bytesOf(request)
      const { method, url: target } = request
      await admitBody(admission, claimOf(request), { method, target, body })
      request.body = kind === 'json' ? parseJson(body) : body
    })
    declareRoutes(scope, (request) => claimOf(request).hotkey)
  })
}

function lengthOf({ headers }: Pick<FastifyRequest, 'headers'>): number | null {
  const text = headers['content-length']
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null
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
