import { gzipSync } from 'node:zlib'

import { createClock } from '@subnetkit/core'
import { afterAll, describe, expect, it } from 'vitest'

import { createHttpMinerClient } from '../src/adapters/http-miner-client.ts'
import type { MinerClientLimits } from '../src/adapters/miner-client-limits.ts'
import { MinerFault } from '../src/adapters/miner-fault.ts'
import type { MinerAnswer, MinerClient } from '../src/ports/miner-client.ts'
import { completionBody, httpReply, startRawMiner } from './raw-miner.ts'

const clock = createClock({ now: Date.now, monotonicMs: () => performance.now() })
const quick: MinerClientLimits = {
  connectMs: 2_000,
  firstByteMs: 5_000,
  totalMs: 10_000,
  responseBytes: 100_000,
  retryDelayMs: 5,
  retryAfterMs: 50,
}
const client = createHttpMinerClient({ clock, limits: quick, allowPrivate: true })
afterAll(async () => {
  await client.close()
})

const ask = async (endpoint: string, own: MinerClient = client, signal?: AbortSignal): Promise<MinerAnswer> =>
  await own.ask(
    {
      hotkey: '5miner',
      endpoint,
      modelName: 'model-a',
      messages: [{ role: 'user', content: 'é?' }],
      seed: 4_294_967_295,
    },
    signal === undefined ? {} : { signal },
  )

const withLimits = (limits: MinerClientLimits): MinerClient =>
  createHttpMinerClient({ clock, limits: { ...quick, ...limits }, allowPrivate: true })

const fault = (reason: string, kind = 'miner_fault'): unknown => expect.objectContaining({ kind, reason })

describe('an answer', () => {
  it('is what the miner wrote, and the request is what was asked', async () => {
    const text = 'solved: {"x1": true} — é 🙂'
    const usage = {
      prompt_tokens: 5,
      nested: { a: 1 },
      text: 'x',
      flag: true,
      ['__proto__']: 1,
      total_tokens: 7,
    }
    await using miner = await startRawMiner((socket) => socket.end(httpReply(completionBody(text, usage))))
    expect(await ask(`${miner.endpoint}/`)).toEqual({
      kind: 'answered',
      content: text,
      usage: { prompt_tokens: 5, total_tokens: 7 },
      latencyMs: expect.any(Number),
    })
    const [request = ''] = miner.requests
    expect(request).toMatch(/^POST \/v1\/chat\/completions HTTP\/1.1\r\n/)
    expect(request).toMatch(/accept-encoding: identity/i)
    const body = Buffer.from(request.slice(request.indexOf('\r\n\r\n') + 4), 'latin1').toString('utf8')
    expect(JSON.parse(body)).toEqual({
      model: 'model-a',
      messages: [{ role: 'user', content: 'é?' }],
      temperature: 0,
      seed: 4_294_967_295,
      stream: false,
    })
  })

  it('may be empty, chunked and of a type with parameters', async () => {
    const body = completionBody('')
    const chunks = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`
    const headers = {
      'content-type': 'application/vnd.x+json; charset=utf-8',
      'transfer-encoding': 'chunked',
    }
    await using miner = await startRawMiner((socket) => socket.end(httpReply(chunks, headers)))
    expect(await ask(miner.endpoint)).toMatchObject({ kind: 'answered', content: '' })
  })

  it('may come over IPv6', async () => {
    await using miner = await startRawMiner((socket) => socket.end(httpReply(completionBody('6'))), '::1')
    expect(await ask(miner.endpoint)).toMatchObject({ kind: 'answered', content: '6' })
  })
})

describe('a reply that is none', () => {
  it.each([
    ['bad_json', httpReply('{"choices":')],
    ['bad_json', httpReply('')],
    ['bad_json', httpReply('', {}, 204)],
    ['bad_body', httpReply('null')],
    ['bad_body', httpReply('[]')],
    ['bad_body', httpReply('{"choices":[]}')],
    ['bad_body', httpReply('{"choices":{"0":{"message":{"content":"x"}}}}')],
    ['bad_body', httpReply('{"__proto__":{"choices":[{"message":{"content":"x"}}]}}')],
    ['bad_json', httpReply('['.repeat(90_000))],
    ['bad_body', httpReply('['.repeat(45_000) + ']'.repeat(45_000))],
    ['no_content', httpReply(completionBody(null))],
    ['no_content', httpReply('{"choices":[{"message":{}}]}')],
    ['bad_content', httpReply(completionBody(42))],
    ['bad_content', httpReply(completionBody([{ type: 'text', text: 'x' }]))],
    ['bad_text', httpReply(completionBody('\ud800'))],
    ['bad_utf8', httpReply(Buffer.from(completionBody('é'), 'latin1'))],
    ['wrong_type', httpReply(completionBody('x'), { 'content-type': 'text/html' })],
    ['wrong_type', httpReply(completionBody('x'), { 'content-type': 'application/jsonx' })],
    ['encoded', httpReply(gzipSync(completionBody('x')), { 'content-encoding': 'gzip' })],
    ['encoded', httpReply(gzipSync(Buffer.alloc(50_000_000)), { 'content-encoding': 'gzip' })],
    ['redirected', httpReply('', { location: 'http://169.254.169.254/latest' }, 302)],
    ['redirected', httpReply('', { location: '//elsewhere' }, 308)],
    ['rejected', httpReply('{"error":"no"}', {}, 404)],
    ['rejected', httpReply('x'.repeat(10_000_000), {}, 401)],
    ['input_too_long', httpReply('{"error":{"message":"maximum context length is 4096 tokens"}}', {}, 400)],
    ['input_too_long', httpReply('', {}, 413)],
    ['rejected', httpReply('{"error":"seed is not known"}', {}, 400)],
    ['too_large', httpReply('x'.repeat(10_000_000), {}, 400)],
    ['server_error', httpReply('', {}, 500)],
    ['bad_http', Buffer.from('SSH-2.0-OpenSSH_9.2\r\n')],
    ['bad_http', Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n')],
    ['reset', Buffer.from('')],
    [
      'reset',
      Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 100\r\ncontent-type: application/json\r\n\r\n{'),
    ],
    ['too_large', httpReply(completionBody('x'.repeat(200_000)))],
    ['too_large', httpReply('', { long: 'x'.repeat(100_000) })],
  ])('%s (%#) is the fault of the miner, who is asked once', async (reason, reply) => {
    await using miner = await startRawMiner((socket) => socket.end(reply))
    expect(await ask(miner.endpoint)).toEqual(fault(reason))
    expect(miner.requests).toHaveLength(1)
  })

  it('may not write to a terminal', async () => {
    const type = 'text/\u009b31m\u202e'
    await using miner = await startRawMiner((socket) =>
      socket.end(httpReply('', { 'content-type': Buffer.from(type).toString('latin1') })),
    )
    const answer = await ask(miner.endpoint)
    expect(JSON.stringify(answer)).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    expect(answer).toEqual(fault('wrong_type'))
  })
})

describe('limits', () => {
  it('end a body without end', async () => {
    let sent = 0
    await using miner = await startRawMiner((socket) => {
      socket.write(httpReply('', { 'content-length': '1000000000' }))
      const more = (): void => {
        while (!socket.destroyed && socket.write('x'.repeat(65_536))) sent += 65_536
      }
      socket.on('drain', more)
      more()
    })
    expect(await ask(miner.endpoint)).toEqual(fault('too_large'))
    expect(sent).toBeLessThan(50_000_000)
  })

  it.each([
    ['says nothing', () => {}],
    [
      'drips its body',
      (write: (text: string) => void) => {
        write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n')
        return '['
      },
    ],
    [
      'drips its headers',
      (write: (text: string) => void) => {
        write('HTTP/1.1 200 OK\r\n')
        return 'a: b\r\n'
      },
    ],
    ['gives hints for ever', () => 'HTTP/1.1 103 Early Hints\r\nlink: <a>\r\n\r\n'],
  ])('end a miner who %s', async (_name, start) => {
    const own = withLimits({ totalMs: 600 })
    await using miner = await startRawMiner((socket) => {
      const drip = start((text) => socket.write(text))
      const timer = setInterval(() => socket.write(drip ?? ''), 20)
      socket.on('close', () => clearInterval(timer))
    })
    const begun = performance.now()
    expect(await ask(miner.endpoint, own)).toEqual(fault('timeout'))
    expect(performance.now() - begun).toBeLessThan(5_000)
    await expect.poll(() => miner.connections()).toBe(1)
  })

  it('end the wait for the first byte before that for the whole', async () => {
    const own = withLimits({ firstByteMs: 300, totalMs: 20_000 })
    await using miner = await startRawMiner(() => {})
    const begun = performance.now()
    expect(await ask(miner.endpoint, own)).toEqual(fault('timeout'))
    expect(performance.now() - begun).toBeLessThan(8_000)
  })

  it('end headers without end', async () => {
    await using miner = await startRawMiner((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n')
      const more = (): void => {
        let count = 0
        while (!socket.destroyed && socket.write(`h${count}: ${'x'.repeat(100)}\r\n`)) count += 1
      }
      socket.on('drain', more)
      more()
    })
    expect(await ask(miner.endpoint)).toEqual(fault('too_large'))
  })

  it('are checked', () => {
    expect(() => withLimits({ totalMs: 0 })).toThrow('miner client limits: totalMs')
    expect(() => withLimits({ tries: 1.5 })).toThrow('miner client limits: tries')
  })
})

describe('retries', () => {
  it('happen when the miner asks for them, after as long as it says', async () => {
    const own = withLimits({ retryAfterMs: 1_500 })
    await using miner = await startRawMiner((socket, count) => {
      if (count === 0) socket.end(httpReply('', { 'retry-after': '1' }, 429))
      else socket.end(httpReply(completionBody('later')))
    })
    const answer = await ask(miner.endpoint, own)
    expect(answer).toMatchObject({ kind: 'answered', content: 'later' })
    expect(answer.latencyMs).toBeGreaterThan(950)
    expect(miner.requests).toHaveLength(2)
  })

  it('end when they are used up, and cap what the miner asks for', async () => {
    await using miner = await startRawMiner((socket) => {
      socket.end(httpReply('', { 'retry-after': '86400' }, 503))
    })
    const begun = performance.now()
    expect(await ask(miner.endpoint)).toEqual(fault('busy'))
    expect(performance.now() - begun).toBeLessThan(5_000)
    expect(miner.requests).toHaveLength(3)
  })

  it('do not outlast the time for everything', async () => {
    const own = withLimits({ totalMs: 3_000, retryAfterMs: 60_000, tries: 20 })
    await using miner = await startRawMiner((socket) => {
      socket.end(httpReply('', { 'retry-after': '30' }, 429))
    })
    expect(await ask(miner.endpoint, own)).toEqual(fault('busy'))
    expect(miner.requests).toHaveLength(1)
  })

  it('happen when no connection was made, and then the miner is at fault', async () => {
    const gone = await startRawMiner(() => {})
    await gone[Symbol.asyncDispose]()
    const begun = performance.now()
    expect(await ask(gone.endpoint)).toEqual(fault('refused'))
    expect(performance.now() - begun).toBeGreaterThan(10)
  })

  it('speak TLS where the endpoint says so', async () => {
    await using miner = await startRawMiner(() => {})
    const plain = await startRawMiner((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'))
    expect(['tls', 'reset', 'connect_timeout']).toContain(
      reasonOf(
        await ask(miner.endpoint.replace('http:', 'https:'), withLimits({ connectMs: 300, tries: 1 })),
      ),
    )
    await plain[Symbol.asyncDispose]()
  })
})

const reasonOf = (answer: MinerAnswer): string => (answer.kind === 'answered' ? 'answered' : answer.reason)

describe('addresses', () => {
  const publicOnly = createHttpMinerClient({ clock, limits: quick })

  it.each([
    'http://127.0.0.1:PORT/v1',
    'http://localhost:PORT/v1',
    'http://sub.localhost:PORT/v1',
    'http://[::ffff:127.0.0.1]:PORT/v1',
    'http://0x7f000001:PORT/v1',
    'http://2130706433:PORT/v1',
    'http://0.0.0.0:PORT/v1',
    'http://169.254.169.254/latest/meta-data',
    'http://[fd00:ec2::254]/',
    'http://10.0.0.1/',
  ])('%s is never connected to', async (template) => {
    await using miner = await startRawMiner((socket) => socket.end(httpReply(completionBody('x'))))
    expect(await ask(template.replace('PORT', String(miner.port)), publicOnly)).toEqual(
      fault('private_address'),
    )
    expect(miner.connections()).toBe(0)
  })

  it.each([[['127.0.0.1']], [['8.8.8.8', '10.0.0.1']], [['::ffff:192.168.0.1']], [['not an address']]])(
    'a name for %s is never connected to',
    async (addresses) => {
      const own = createHttpMinerClient({ clock, limits: quick, resolveHost: async () => addresses })
      expect(await ask('http://miner.example/v1', own)).toEqual(fault('private_address'))
    },
  )

  it('are asked for once per try, so that a name that changes its mind changes nothing', async () => {
    // Each answer is private from the second on: the connection must go where the first answer, which was checked, said.
    const asked: string[] = []
    await using miner = await startRawMiner((socket) => socket.end(httpReply(completionBody('pinned'))))
    const own = createHttpMinerClient({
      clock,
      limits: quick,
      allowPrivate: true,
      resolveHost: async (host) => {
        asked.push(host)
        return asked.length === 1 ? ['127.0.0.1'] : ['127.0.0.2']
      },
    })
    expect(await ask(`http://rebinding.invalid:${miner.port}/v1`, own)).toMatchObject({ content: 'pinned' })
    expect(asked).toEqual(['rebinding.invalid'])
    expect(miner.requests[0]).toMatch(/host: rebinding\.invalid/i)
  })

  it('of names that do not exist are the fault of the miner', async () => {
    const fail = (reason: string, isOurs: boolean) => async (): Promise<readonly string[]> => {
      throw new MinerFault({ reason, message: 'no', isOurs, isConnectivity: true })
    }
    const resolvers = { dns: fail('dns', false), dns_unavailable: fail('dns_unavailable', true) }
    const named = createHttpMinerClient({ clock, limits: quick, resolveHost: resolvers.dns })
    expect(await ask('http://miner.invalid', named)).toEqual(fault('dns'))
    const ours = createHttpMinerClient({ clock, limits: quick, resolveHost: resolvers.dns_unavailable })
    expect(await ask('http://miner.invalid', ours)).toEqual(fault('dns_unavailable', 'infrastructure_fault'))
    const offline = createHttpMinerClient({
      clock,
      limits: quick,
      resolveHost: resolvers.dns,
      isOnline: async () => false,
    })
    expect(await ask('http://miner.invalid', offline)).toEqual(fault('offline', 'infrastructure_fault'))
  })

  it('of names are looked up for real', async () => {
    const answer = await ask('http://nobody.invalid/v1', createHttpMinerClient({ clock, limits: quick }))
    expect(['dns', 'dns_unavailable']).toContain(reasonOf(answer))
  })

  it.each(['', 'not a url', 'ftp://miner.example', 'http://a:b@miner.example', 'http://'])(
    'an endpoint such as "%s" is the fault of the miner',
    async (endpoint) => {
      expect(await ask(endpoint, publicOnly)).toEqual(fault('bad_endpoint'))
    },
  )
})

describe('an end from our side', () => {
  it('rejects with the reason of the signal and drops the connection', async () => {
    await using miner = await startRawMiner(() => {})
    const controller = new AbortController()
    const asking = ask(miner.endpoint, client, controller.signal)
    await expect.poll(() => miner.requests.length).toBe(1)
    controller.abort(new RangeError('stop'))
    await expect(asking).rejects.toThrow('stop')
    await expect(ask(miner.endpoint, client, controller.signal)).rejects.toThrow('stop')
  })

  it('blames nobody for a closed client', async () => {
    await using miner = await startRawMiner(() => {})
    const own = withLimits({})
    const asking = ask(miner.endpoint, own)
    await expect.poll(() => miner.requests.length).toBe(1)
    await own.close()
    expect(await asking).toEqual(fault('closed', 'infrastructure_fault'))
    expect(await ask(miner.endpoint, own)).toEqual(fault('closed', 'infrastructure_fault'))
  })
})
