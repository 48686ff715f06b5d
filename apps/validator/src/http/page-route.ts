import type { ParseInputOptions } from '@subnetkit/core'
import { type HttpServer, toErrorReply } from '@subnetkit/core/http'
import type { FastifyReply, FastifyRequest } from 'fastify'

import { errorPage } from '../page/error-page.ts'
import { contentSecurityPolicy } from '../page/page-shell.ts'

/** Makes a page's text; null when it has answered by itself, as a redirect does. */
export type ShowPage = (request: FastifyRequest, reply: FastifyReply) => Promise<string | null>

/** Declares one page for people: HTML without a script, and a failure as a page too. */
export function addPage(server: HttpServer, path: string, show: ShowPage): void {
  server.get(path, { schema: { hide: true } }, async (request, reply) => {
    reply.header('content-security-policy', contentSecurityPolicy).header('referrer-policy', 'no-referrer')
    try {
      const text = await show(request, reply)
      return text === null ? reply : await sendHtml(reply, text)
    } catch (error) {
      const failure = toErrorReply(error)
      if (failure.status >= 500 && failure.status !== 503) {
        request.log.error({ err: error, url: request.url }, 'a page could not be shown')
      }
      if (failure.status === 503) reply.header('retry-after', '5')
      return await sendHtml(reply.code(failure.status), errorPage(failure))
    }
  })
}

async function sendHtml(reply: FastifyReply, text: string): Promise<FastifyReply> {
  return await reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').send(text)
}

/** Names a part of the query in a page's refusal. */
export const inQuery: ParseInputOptions = {
  subject: 'query',
  fieldName: (path) => ['query', ...path].join('.'),
}
/** Names a part of the path in a page's refusal. */
export const inPath: ParseInputOptions = { subject: 'path', fieldName: (path) => String(path[0]) }
