import { z } from 'zod'

import type { HttpServer } from './http-server.ts'

/** State of each part that the server needs: `{ clickhouse: 'up' }`. */
export type HealthParts = Readonly<Record<string, 'up' | 'down'>>

/** Asks the engines themselves, e.g. with a ping. A rejection counts as down. */
export type HealthCheck = (options: Readonly<{ signal: AbortSignal }>) => Promise<HealthParts>

const healthReplySchema = z.strictObject({
  status: z.enum(['up', 'down']),
  version: z.string(),
  parts: z.record(z.string(), z.enum(['up', 'down'])),
})

/** Adds `/health`: 200 when every part is up, else 503 with the same body; it answers in time even if an engine hangs. */
export function addHealthRoute(
  server: HttpServer,
  options: Readonly<{ version: string; health: HealthCheck; healthTimeoutMs?: number }>,
): void {
  const { version, health, healthTimeoutMs = 2_000 } = options
  const schema = {
    summary: 'Whether the server and what it needs are up',
    response: { 200: healthReplySchema, 503: healthReplySchema },
  }
  server.get('/health', { schema }, async (request, reply) => {
    let parts: HealthParts = {}
    let isAnswered = false
    try {
      const signal = AbortSignal.timeout(healthTimeoutMs)
      parts = await Promise.race([health({ signal }), rejectOnAbort(signal)])
      isAnswered = true
    } catch (error) {
      request.log.warn({ err: error }, 'health check failed')
    }
    const isUp = isAnswered && Object.values(parts).every((state) => state === 'up')
    return await reply
      .code(isUp ? 200 : 503)
      .send({ status: isUp ? 'up' : 'down', version, parts: { ...parts } })
  })
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
