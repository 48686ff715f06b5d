import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'

import { InputError } from '../errors/input-error.ts'
import { StorageError, type StorageErrorCode } from '../errors/storage-error.ts'
import { networkSchema } from '../models/scalars.ts'
import { currentCorrelationId } from '../observability/correlation-id.ts'
import { createMetrics } from '../observability/create-metrics.ts'
import { setupLogger } from '../observability/setup-logger.ts'
import { createHttpServer, type HttpServerOptions } from './create-http-server.ts'
import type { HttpServer } from './http-server.ts'
import { RequestRefusal } from './request-refusal.ts'
import { pageQueryShape, pageReplySchema } from './paging.ts'

const open: HttpServer[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()))
})

async function serve(routes: HttpServerOptions['routes'], options: Partial<HttpServerOptions> = {}) {
  const written: string[] = []
  let ids = 0
  const metrics = createMetrics({ service: 'test', version: '1' })
  const server = await createHttpServer({
    title: 'Scores',
    version: '1.2.3',
    logger: setupLogger({
      app: 'test',
      network: null,
      task: 'serve',
      destination: { write: (line) => written.push(line) },
      isTerminal: false,
    }),
    metrics,
    health: async () => ({ clickhouse: 'up' }),
    createRequestId: () => `made-${++ids}`,
    routes,
    ...options,
  })
  open.push(server)
  const log = (): Record<string, unknown>[] => written.map((line) => JSON.parse(line))
  return { server, log, metrics }
}

const scoreSchema = z.strictObject({
  alertId: z.string(),
  version: z.bigint(),
  at: z.date(),
  note: z.string().nullable(),
})
const score = { alertId: 'a', version: 2n ** 64n - 1n, at: new Date('2025-08-01T00:00:00.345Z'), note: null }

function scoreRoutes(server: HttpServer): void {
  server.get(
    '/scores/:network',
    {
      schema: {
        summary: 'Scores of a network',
        params: z.strictObject({ network: networkSchema }),
        querystring: z.strictObject({ ...pageQueryShape, since: z.string().optional() }),
        response: { 200: pageReplySchema(scoreSchema) },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query
      const items = Array.from({ length: Math.min(limit, 2) }, () => score)
      return { items, nextCursor: cursor === undefined ? `${request.params.network}-2` : null }
    },
  )
  server.post(
    '/scores',
    {
      schema: {
        body: z.strictObject({ rows: z.array(z.number()) }),
        response: { 200: z.strictObject({ rows: z.int() }) },
      },
    },
    async (request) => ({ rows: request.body.rows.length }),
  )
}

describe('routes declared with zod', () => {
  it('gives parsed values to the handler and writes bigint and date as text', async () => {
    const { server } = await serve(scoreRoutes)
    const reply = await server.inject('/scores/torus?limit=1')
    expect(reply.statusCode).toBe(200)
    expect(reply.json()).toEqual({
      items: [{ alertId: 'a', version: '18446744073709551615', at: '2025-08-01T00:00:00.345Z', note: null }],
      nextCursor: 'torus-2',
    })
    expect((await server.inject('/scores/torus')).json().items).toHaveLength(2)
    expect((await server.inject('/scores/torus?cursor=x')).json().nextCursor).toBeNull()
  })

  it.each([
    ['/scores/torus?limit=0', 'query.limit'],
    ['/scores/torus?limit=1001', 'query.limit'],
    ['/scores/torus?limit=1e2', 'query.limit'],
    ['/scores/torus?limit=', 'query.limit'],
    ['/scores/torus?limit=1&limit=2', 'query.limit'],
    ['/scores/torus?cursor=', 'query.cursor'],
    ['/scores/torus?windwo=7', 'query.windwo'],
    ['/scores/Torus', 'params.network'],
    ["/scores/'%3BDROP", 'params.network'],
  ])('refuses %s with 422 and names the field', async (url, field) => {
    const { server } = await serve(scoreRoutes)
    const reply = await server.inject(url)
    expect(reply.statusCode).toBe(422)
    expect(reply.headers['content-type']).toMatch(/^application\/json/)
    expect(reply.json()).toEqual({
      error: {
        code: 'invalid_input',
        field,
        message: expect.stringContaining(field),
        hint: expect.any(String),
      },
    })
  })

  it('refuses bodies that are too large, no JSON, of another type, or wrong', async () => {
    const { server } = await serve(scoreRoutes, { bodyLimitBytes: 100 })
    const post = async (payload: string, type = 'application/json') =>
      await server.inject({ method: 'POST', url: '/scores', payload, headers: { 'content-type': type } })
    expect((await post('{"rows":[1,2]}')).json()).toEqual({ rows: 2 })
    expect(await post(`{"rows":[${'1,'.repeat(100)}1]}`)).toMatchObject({ statusCode: 413 })
    expect((await post('{"rows":')).json()).toMatchObject({ error: { code: 'bad_request' } })
    expect(await post('rows=1', 'application/x-www-form-urlencoded')).toMatchObject({ statusCode: 415 })
    expect((await post('{"rows":["x"]}')).json()).toMatchObject({
      error: { code: 'invalid_input', field: 'body.rows.0' },
    })
    expect(await post('{"rows":[],"__proto__":{"x":1}}')).toMatchObject({ statusCode: 400 })
  })

  it('answers an unknown route with the same kind of body', async () => {
    const { server } = await serve(scoreRoutes)
    const reply = await server.inject('/nothing?secret=1')
    expect(reply.statusCode).toBe(404)
    expect(reply.json()).toEqual({
      error: { code: 'not_found', message: 'there is no GET /nothing; /openapi.json lists what there is' },
    })
  })

  it('turns a reply that breaks its schema into a 500 without detail', async () => {
    const { server, log } = await serve((app) => {
      app.get('/bad', { schema: { response: { 200: z.strictObject({ rows: z.int() }) } } }, async () => ({
        rows: 0.5,
      }))
    })
    const reply = await server.inject('/bad')
    expect(reply.statusCode).toBe(500)
    expect(reply.json().error.code).toBe('internal')
    expect(reply.body).not.toContain('schema')
    expect(log().some(({ level, msg }) => level === 'error' && msg === 'request failed')).toBe(true)
  })
})

describe('failures', () => {
  const storage = (code: StorageErrorCode): StorageError =>
    new StorageError({ code, message: `secret host db-7 says ${code}` })

  it.each([
    [new InputError({ field: 'date', problem: 'is bad', hint: 'fix it' }), 422, 'invalid_input', true],
    [storage('not_found'), 404, 'not_found', true],
    [storage('invalid_input'), 422, 'invalid_input', true],
    [storage('conflict'), 409, 'conflict', true],
    [storage('unavailable'), 503, 'unavailable', false],
    [storage('throttled'), 503, 'throttled', false],
    [storage('locked'), 503, 'unavailable', false],
    [storage('missing_schema'), 503, 'not_ready', false],
    [storage('resource_exhausted'), 503, 'resource_exhausted', false],
    [storage('timeout'), 504, 'timeout', false],
    [storage('unauthenticated'), 500, 'internal', false],
    [storage('forbidden'), 500, 'internal', false],
    [storage('bad_query'), 500, 'internal', false],
    [storage('corrupt_row'), 500, 'internal', false],
    [storage('incomplete_batch'), 500, 'internal', false],
    [storage('unknown'), 500, 'internal', false],
    [
      new RequestRefusal({ status: 409, code: 'replayed', message: 'was here before' }),
      409,
      'replayed',
      true,
    ],
    [
      new RequestRefusal({ status: 401, code: 'unsigned', message: 'who?', hint: 'sign' }),
      401,
      'unsigned',
      true,
    ],
    [new RangeError('secret'), 500, 'internal', false],
    [Object.assign(new Error('secret'), { statusCode: 404, code: 'ENOENT' }), 500, 'internal', false],
  ])('%s becomes %i %s', async (failure, status, code, isTold) => {
    const { server, log } = await serve((app) => {
      app.get('/', async () => await Promise.reject(failure))
    })
    const reply = await server.inject('/')
    expect(reply.statusCode).toBe(status)
    expect(reply.json().error.code).toBe(code)
    expect(reply.json().error.message === failure.message).toBe(isTold)
    expect(reply.body.includes('secret')).toBe(isTold && failure.message.includes('secret'))
    expect(log().filter(({ level }) => level === 'error')).toHaveLength(status >= 500 ? 1 : 0)
  })
})

describe('clients that do not behave', () => {
  /** Sends bytes and reads until the server closes the connection. */
  async function speak(address: string, bytes: string): Promise<string> {
    const socket = connect(Number(new URL(address).port), '127.0.0.1')
    socket.write(bytes)
    return await text(socket)
  }

  it('cuts off a request that does not arrive in time, and serves others meanwhile', async () => {
    const { server } = await serve(scoreRoutes, { requestTimeoutMs: 100 })
    const address = await server.listen({ host: '127.0.0.1', port: 0 })
    const half =
      'POST /scores HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{'
    const slow = Promise.all([speak(address, half), speak(address, 'GET /scores/torus HT')])
    expect((await fetch(`${address}/scores/torus`)).status).toBe(200)
    for (const reply of await slow) {
      expect(reply).toMatch(/^HTTP\/1\.1 408 .*"error":\{"code":"timeout"/s)
    }
  })

  it.each([
    ['no HTTP at all', 'hello\r\n\r\n', /^HTTP\/1\.1 400 .*"code":"bad_request"/s],
    [
      'endless headers',
      `GET / HTTP/1.1\r\nhost: x\r\nx-long: ${'x'.repeat(20_000)}\r\n\r\n`,
      /^HTTP\/1\.1 431 .*"code":"too_large"/s,
    ],
  ])('answers %s with an error in the same shape', async (_name, bytes, expected) => {
    const { server } = await serve(scoreRoutes)
    const address = await server.listen({ host: '127.0.0.1', port: 0 })
    expect(await speak(address, bytes)).toMatch(expected)
  })
})

describe('what every server has', () => {
  it('describes itself as OpenAPI 3.1', async () => {
    const { server } = await serve(scoreRoutes)
    const document = (await server.inject('/openapi.json')).json()
    expect(document.openapi).toBe('3.1.0')
    expect(document.info).toMatchObject({ title: 'Scores', version: '1.2.3' })
    expect(Object.keys(document.paths).sort()).toEqual(['/health', '/scores', '/scores/{network}'])
    const { parameters, responses } = document.paths['/scores/{network}'].get
    expect(parameters).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          in: 'query',
          name: 'limit',
          required: false,
          description: 'rows wanted; 100 when it is left out',
          schema: expect.objectContaining({ type: 'integer', minimum: 1, maximum: 1000 }),
        }),
        expect.objectContaining({ in: 'path', name: 'network', required: true }),
      ]),
    )
    const item = responses['200'].content['application/json'].schema.properties.items.items
    expect(item.properties).toMatchObject({
      version: { type: 'string', pattern: String.raw`^-?\d+$` },
      at: { type: 'string', format: 'date-time' },
    })
    expect(responses.default.content['application/json'].schema.properties.error.required).toEqual([
      'code',
      'message',
    ])
    expect(document.paths['/scores'].post.requestBody.content['application/json'].schema).toMatchObject({
      required: ['rows'],
    })
  })

  it.each([
    ['all up', async () => ({ clickhouse: 'up', dynamo: 'up' }) as const, 200, 'up'],
    ['one down', async () => ({ clickhouse: 'up', dynamo: 'down' }) as const, 503, 'down'],
    ['a failure', async () => await Promise.reject(new Error('secret host')), 503, 'down'],
    ['a hanging engine', async () => await Promise.race<never>([]), 503, 'down'],
  ])('reports health: %s', async (_name, health, status, state) => {
    const { server } = await serve(scoreRoutes, { health, healthTimeoutMs: 50 })
    const reply = await server.inject('/health')
    expect(reply.statusCode).toBe(status)
    expect(reply.json()).toMatchObject({ status: state, version: '1.2.3' })
    expect(reply.body).not.toContain('secret')
  })

  it('publishes metrics as text', async () => {
    const { server, metrics } = await serve(scoreRoutes)
    metrics.taskEnded({ task: 'x', outcome: 'completed', durationMs: 1 })
    const reply = await server.inject('/metrics')
    expect(reply.headers['content-type']).toMatch(/^text\/plain/)
    expect(reply.body).toContain('subnetkit_task_runs_total{task="x",outcome="completed",service="test"} 1')
  })

  it('runs each request under its correlation id, also after reading a body over a socket', async () => {
    const { server, log } = await serve((app) => {
      app.post('/id', async () => {
        await new Promise((resolve) => {
          setTimeout(resolve, 1)
        })
        return { id: currentCorrelationId() }
      })
    })
    const address = await server.listen({ host: '127.0.0.1', port: 0 })
    const ask = async (headers: Record<string, string>) => {
      const reply = await fetch(`${address}/id`, {
        method: 'POST',
        body: JSON.stringify({ text: 'x'.repeat(100_000) }),
        headers: { 'content-type': 'application/json', ...headers },
      })
      return { header: reply.headers.get('x-request-id'), body: await reply.json() }
    }
    const [own, made, hostile] = await Promise.all([
      ask({ 'x-request-id': 'job-7' }),
      ask({}),
      ask({ 'x-request-id': 'a b{"level":"error"}' }),
    ])
    expect(own).toEqual({ header: 'job-7', body: { id: 'job-7' } })
    expect(made.header).toMatch(/^made-\d$/)
    expect(made.body).toEqual({ id: made.header })
    expect(hostile.header).toMatch(/^made-\d$/)
    const answered = log().filter(({ msg }) => msg === 'request answered')
    expect(new Set(answered.map(({ correlationId }) => correlationId))).toEqual(
      new Set(['job-7', made.header, hostile.header]),
    )
  })
})
