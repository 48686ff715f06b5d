import { describe, expect, it } from 'vitest'

import { parseMinerEndpoint } from './miner-endpoint.ts'

describe('parseMinerEndpoint', () => {
  it.each([
    ['https://miner.example/v1', 'https://miner.example', '/v1/chat/completions', 'miner.example', false],
    ['http://1.2.3.4:8080/', 'http://1.2.3.4:8080', '/chat/completions', '1.2.3.4', true],
    [
      'http://[2606:4700::1111]/v1//',
      'http://[2606:4700::1111]',
      '/v1/chat/completions',
      '2606:4700::1111',
      true,
    ],
    ['http://0x7f.1', 'http://127.0.0.1', '/chat/completions', '127.0.0.1', true],
    ['http://2130706433', 'http://127.0.0.1', '/chat/completions', '127.0.0.1', true],
    ['http://[::ffff:10.0.0.1]', 'http://[::ffff:a00:1]', '/chat/completions', '::ffff:a00:1', true],
  ])('reads %s', (endpoint, origin, path, host, isAddress) => {
    const port = origin.startsWith('https:') ? 443 : origin.endsWith(':8080') ? 8080 : 80
    expect(parseMinerEndpoint(endpoint)).toEqual({ origin, path, host, port, isAddress })
  })

  it.each([
    ['', 'is no URL'],
    ['miner.example', 'is no URL'],
    ['file:///etc/passwd', 'is neither http nor https'],
    ['gopher://miner.example', 'is neither http nor https'],
    ['http://user:word@miner.example', 'holds a user name or password'],
    ['http://miner.example/?next=', 'holds a query or fragment'],
    ['http://miner.example/#top', 'holds a query or fragment'],
    [`http://miner.example/${'a'.repeat(2_048)}`, 'is no URL'],
  ])('refuses %.60s', (endpoint, problem) => {
    expect(() => parseMinerEndpoint(endpoint)).toThrow(problem)
  })
})
