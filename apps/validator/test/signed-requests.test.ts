import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { signedHeaders } from '../src/auth/signed-request.ts'
import { startApi, type ApiUnderTest } from './fixtures/api-under-test.ts'
import type { RemoteExecutor, RequestChange } from './fixtures/remote-executor.ts'

const CLAIM = '/v1/tasks/claim'
let api: ApiUnderTest
let alice: RemoteExecutor

beforeAll(async () => {
  api = await startApi()
  alice = api.executor(1)
  await api.allow([alice.hotkey])
})
afterAll(async () => {
  await api[Symbol.asyncDispose]()
})

const claimBody = (): Record<string, unknown> => ({
  environment: 'echo',
  limit: 1,
  claimId: randomBytes(12).toString('hex'),
})

describe('a signed request', () => {
  it('is let in once, and tells the server’s time', async () => {
    const reply = await alice.post(api.address, CLAIM, claimBody())
    expect(reply).toMatchObject({ status: 200, body: { tasks: [] } })
    const serverMs = Number(reply.headers.get('x-subnetkit-server-time'))
    expect(Math.abs(serverMs - api.now().getTime())).toBeLessThan(5_000)
  })

  it('binds a query that it carries', async () => {
    const withQuery = `${CLAIM}?trace=1`
    expect(await alice.post(api.address, withQuery, claimBody())).toMatchObject({ status: 200 })
    expect(await alice.post(api.address, withQuery, claimBody(), { sentPath: CLAIM })).toMatchObject({
      status: 401,
    })
  })

  const refusals: readonly (readonly [string, RequestChange, number, string])[] = [
    ['without a hotkey', { headers: { [signedHeaders.hotkey]: undefined } }, 401, 'not_signed'],
    ['without a signature', { headers: { [signedHeaders.signature]: undefined } }, 401, 'not_signed'],
    [
      'with a signature of zeros',
      { headers: { [signedHeaders.signature]: '0'.repeat(128) } },
      401,
      'bad_signature',
    ],
    [
      'with a signature of another length',
      { headers: { [signedHeaders.signature]: '0'.repeat(126) } },
      401,
      'not_signed',
    ],
    ['with a time in seconds', { timestampMs: Math.floor(Date.now() / 1000) }, 401, 'not_signed'],
    ['with a time that is none', { headers: { [signedHeaders.timestamp]: '1e12' } }, 401, 'not_signed'],
    ['with a short nonce', { nonce: 'short' }, 401, 'not_signed'],
    ['with two times', { headers: { [signedHeaders.timestamp]: '1, 2' } }, 401, 'not_signed'],
    [
      'with another body',
      { sentBody: '{"environment":"echo","limit":100,"claimId":"aaaaaaaaaaaaaaaa"}' },
      401,
      'bad_signature',
    ],
    ['to another path', { sentPath: '/v1/tasks/heartbeat' }, 401, 'bad_signature'],
    [
      'to another validator',
      { audience: '5C4hrfjw9DjXZTzV3MwzrrAr9P1MJhSrvWGWqi1eSuyUpnhM' },
      401,
      'bad_signature',
    ],
    [
      'with another nonce than was signed',
      { headers: { [signedHeaders.nonce]: 'f'.repeat(32) } },
      401,
      'bad_signature',
    ],
  ]
  it.each(refusals)('%s is refused', async (_name, change, status, code) => {
    expect(await alice.post(api.address, CLAIM, claimBody(), change)).toMatchObject({
      status,
      body: { error: { code, message: expect.any(String), hint: expect.any(String) } },
    })
  })

  it.each([-61_000, 61_000, 3_600_000])(
    'made %i ms off the server’s clock is refused with the server’s time',
    async (offMs) => {
      const timestampMs = api.now().getTime() + offMs
      const reply = await alice.post(api.address, CLAIM, claimBody(), { timestampMs })
      expect(reply).toMatchObject({ status: 401, body: { error: { code: 'not_signed' } } })
      expect(JSON.stringify(reply.body)).toMatch(/behind|ahead/)
      expect(reply.headers.get('x-subnetkit-server-time')).toMatch(/^\d+$/)
    },
  )

  it('is refused when the server’s clock is skewed, and its hint is what to correct by', async () => {
    api.skew(120_000)
    try {
      const refused = await alice.post(api.address, CLAIM, claimBody())
      expect(refused.status).toBe(401)
      const timestampMs = Number(refused.headers.get('x-subnetkit-server-time'))
      expect(await alice.post(api.address, CLAIM, claimBody(), { timestampMs })).toMatchObject({
        status: 200,
      })
    } finally {
      api.skew(0)
    }
  })

  it('of somebody else is refused with 403, whatever the signature', async () => {
    const mallory = api.executor(66)
    expect(await mallory.post(api.address, CLAIM, claimBody())).toMatchObject({
      status: 403,
      body: { error: { code: 'not_allowed' } },
    })
    const headers = { [signedHeaders.hotkey]: alice.hotkey }
    expect(await mallory.post(api.address, CLAIM, claimBody(), { headers })).toMatchObject({
      status: 401,
      body: { error: { code: 'bad_signature' } },
    })
  })

  it('does not use up a nonce when its signature is wrong', async () => {
    const nonce = randomBytes(16).toString('hex')
    const forged = { nonce, headers: { [signedHeaders.signature]: '1'.repeat(128) } }
    expect(await alice.post(api.address, CLAIM, claimBody(), forged)).toMatchObject({ status: 401 })
    expect(await alice.post(api.address, CLAIM, claimBody(), { nonce })).toMatchObject({ status: 200 })
  })
})

describe('a replay', () => {
  /** Sends one request twice; how each was answered. */
  async function sendTwice(
    first: string,
    second: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<readonly unknown[]> {
    const body = JSON.stringify(claimBody())
    const signed = { ...alice.headersFor(CLAIM, body), ...headers }
    const answers: unknown[] = []
    for (const address of [first, second]) {
      const reply = await fetch(`${address}${CLAIM}`, { method: 'POST', headers: signed, body })
      answers.push({ status: reply.status, body: await reply.json() })
    }
    return answers
  }
  const refusedSecond = [{ status: 200 }, { status: 409, body: { error: { code: 'replayed' } } }]

  it('is refused', async () => {
    expect(await sendTwice(api.address, api.address)).toMatchObject(refusedSecond)
  })

  it('is refused by another server over the same store, which knows the first one’s nonces', async () => {
    expect(await sendTwice(api.address, await api.serve())).toMatchObject(refusedSecond)
  })

  it('is refused also under the request id of the original', async () => {
    const headers = { 'x-request-id': 'the-same-id' }
    expect(await sendTwice(api.address, api.address, headers)).toMatchObject(refusedSecond)
  })

  it('lets exactly one of twenty through when they come at once', async () => {
    const body = JSON.stringify(claimBody())
    const headers = alice.headersFor(CLAIM, body)
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => fetch(`${api.address}${CLAIM}`, { method: 'POST', headers, body })),
    )
    const statuses = replies.map(({ status }) => status).toSorted((a, b) => a - b)
    expect(statuses).toEqual([200, ...Array.from({ length: 19 }, () => 409)])
  })

  it('is refused for its time when its nonce is forgotten', async () => {
    const body = JSON.stringify(claimBody())
    const headers = alice.headersFor(CLAIM, body)
    expect((await fetch(`${api.address}${CLAIM}`, { method: 'POST', headers, body })).status).toBe(200)
    api.advance(125_000)
    const late = await fetch(`${api.address}${CLAIM}`, { method: 'POST', headers, body })
    expect(late.status).toBe(401)
  })
})

describe('who is allowed', () => {
  it('changes while the server runs', async () => {
    const bob = api.executor(2)
    expect(await bob.post(api.address, CLAIM, claimBody())).toMatchObject({ status: 403 })
    await api.allow([alice.hotkey, bob.hotkey])
    expect(await bob.post(api.address, CLAIM, claimBody())).toMatchObject({ status: 200 })
    await api.allow([alice.hotkey])
    expect(await bob.post(api.address, CLAIM, claimBody())).toMatchObject({ status: 403 })
  })

  it('is nobody when the list does not fit', async () => {
    await api.allow([alice.hotkey, 'no-address'])
    expect(await alice.post(api.address, CLAIM, claimBody())).toMatchObject({ status: 403 })
    await api.allow([])
    expect(await alice.post(api.address, CLAIM, claimBody())).toMatchObject({ status: 403 })
    await api.allow([alice.hotkey])
    expect(await alice.post(api.address, CLAIM, claimBody())).toMatchObject({ status: 200 })
  })
})

describe('what does not reach a route', () => {
  it('refuses a body over the limit, with or without a length, before the signature is looked at', async () => {
    const big = JSON.stringify({ ...claimBody(), padding: 'x'.repeat(70_000) })
    expect(await alice.post(api.address, CLAIM, big)).toMatchObject({
      status: 413,
      body: { error: { code: 'too_large' } },
    })
    const socket = connect(Number(new URL(api.address).port), '127.0.0.1')
    const headers = Object.entries(alice.headersFor(CLAIM, big)).map(([name, value]) => `${name}: ${value}`)
    socket.write(
      `POST ${CLAIM} HTTP/1.1\r\nhost: x\r\n${headers.join('\r\n')}\r\ntransfer-encoding: chunked\r\n\r\n`,
    )
    socket.write(`11170\r\n${'x'.repeat(70_000)}\r\n0\r\n\r\n`)
    socket.end()
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 413 /)
  })

  it('reads no body of a stranger', async () => {
    const body = 'x'.repeat(1_000_000)
    const reply = await api.executor(66).post(api.address, '/v1/tasks/submit', body)
    expect(reply.status).toBe(403)
  })

  it.each([
    ['no JSON', '{"environment":', 422, 'invalid_input'],
    ['nothing', '', 422, 'invalid_input'],
    ['a bare text', '"echo"', 422, 'invalid_input'],
    [
      'an unknown member',
      '{"environment":"echo","limit":1,"claimId":"aaaaaaaaaaaaaaaa","x":1}',
      422,
      'invalid_input',
    ],
    ['a prototype', '{"__proto__":{"limit":1}}', 422, 'invalid_input'],
    ['ten thousand nested lists', '['.repeat(10_000) + ']'.repeat(10_000), 422, 'invalid_input'],
    ['a limit of 0', '{"environment":"echo","limit":0,"claimId":"aaaaaaaaaaaaaaaa"}', 422, 'invalid_input'],
    [
      'an unknown environment',
      '{"environment":"chess","limit":1,"claimId":"aaaaaaaaaaaaaaaa"}',
      422,
      'invalid_input',
    ],
  ])('refuses %s though it is signed', async (_name, body, status, code) => {
    expect(await alice.post(api.address, CLAIM, body)).toMatchObject({ status, body: { error: { code } } })
  })

  it('refuses other kinds of bodies', async () => {
    const reply = await alice.post(api.address, CLAIM, 'a=1', {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(reply).toMatchObject({ status: 415, body: { error: { code: 'unsupported_media_type' } } })
  })

  it('limits how often one address may ask', async () => {
    const address = await api.serve({ readsPerMinute: 3 })
    const statuses: number[] = []
    for (let asked = 0; asked < 5; asked += 1) statuses.push((await fetch(`${address}/v1/about`)).status)
    expect(statuses).toEqual([200, 200, 200, 429, 429])
    const refused = await fetch(`${address}/v1/miners`)
    expect(await refused.json()).toMatchObject({ error: { code: 'too_many_requests' } })
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/)
  })
})
