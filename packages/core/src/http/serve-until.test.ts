import { describe, expect, it } from 'vitest'

import { createMetrics } from '../observability/create-metrics.ts'
import { setupLogger } from '../observability/setup-logger.ts'
import { createHttpServer, type HttpServerOptions } from './create-http-server.ts'
import type { HttpServer } from './http-server.ts'
import { serveUntil } from './serve-until.ts'

async function build(routes: HttpServerOptions['routes']): Promise<HttpServer> {
  return await createHttpServer({
    title: 't',
    version: '1',
    logger: setupLogger({
      app: 't',
      network: null,
      task: 'serve',
      level: 'silent',
      destination: { write: () => undefined },
      isTerminal: false,
    }),
    metrics: createMetrics({ service: 't', version: '1' }),
    health: async () => ({}),
    createRequestId: () => 'r',
    routes,
  })
}

describe('serveUntil', () => {
  it('lets an open request end, takes no new one, and resolves', async () => {
    const controller = new AbortController()
    let arrived = (): void => undefined
    const isInside = new Promise<void>((resolve) => {
      arrived = resolve
    })
    const server = await build((app) => {
      app.get('/slow', async () => {
        arrived()
        await new Promise((resolve) => {
          setTimeout(resolve, 100)
        })
        return { done: true }
      })
    })
    let address = ''
    const asked = new Promise<Response>((resolve, reject) => {
      void serveUntil(server, {
        host: '127.0.0.1',
        port: 0,
        signal: controller.signal,
        onListening: (given) => {
          address = given
          fetch(`${given}/slow`).then(resolve, reject)
        },
      }).catch(reject)
    })
    await isInside
    controller.abort()
    const reply = await asked
    expect(await reply.json()).toEqual({ done: true })
    await expect(fetch(`${address}/health`)).rejects.toThrow('fetch failed')
  })

  it('cuts a request that does not end', async () => {
    const controller = new AbortController()
    const server = await build((app) => {
      app.get('/stuck', async () => {
        controller.abort()
        return await Promise.race<never>([])
      })
    })
    let failed: Promise<unknown> = Promise.resolve(null)
    await serveUntil(server, {
      host: '127.0.0.1',
      port: 0,
      signal: controller.signal,
      graceMs: 50,
      onListening: (address) => {
        failed = fetch(`${address}/stuck`).catch((error: unknown) => error)
      },
    })
    expect(await failed).toBeInstanceOf(TypeError)
  })

  it('names the way out when the port is in use or the host is not ours', async () => {
    const first = await build(() => undefined)
    const port = Number(new URL(await first.listen({ host: '127.0.0.1', port: 0 })).port)
    const options = { signal: new AbortController().signal, onListening: () => undefined }
    await expect(
      serveUntil(await build(() => undefined), { ...options, host: '127.0.0.1', port }),
    ).rejects.toThrow(new RegExp(`^--port: ${port} is in use on 127.0.0.1; .*another port`))
    await expect(
      serveUntil(await build(() => undefined), { ...options, host: '203.0.113.1', port: 0 }),
    ).rejects.toThrow(/^--host: "203.0.113.1" is not an address of this machine/)
    await first.close()
  })

  it('does not listen when it is already over', async () => {
    const server = await build(() => undefined)
    let listened = false
    const signal = AbortSignal.abort(new Error('over'))
    const serving = serveUntil(server, {
      host: '127.0.0.1',
      port: 0,
      signal,
      onListening: () => (listened = true),
    })
    await expect(serving).rejects.toThrow('over')
    expect(listened).toBe(false)
  })
})
