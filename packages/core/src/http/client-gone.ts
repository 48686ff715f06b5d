import type { FastifyReply } from 'fastify'

/**
 * Aborts when the client leaves before it has its answer. Fastify's own `request.signal` aborts as soon as a body was read
 * to its end, so whatever takes a body must wait by this one.
 */
export function clientGone({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController()
  raw.once('close', () => {
    if (!raw.writableFinished) controller.abort()
  })
  return controller.signal
}
