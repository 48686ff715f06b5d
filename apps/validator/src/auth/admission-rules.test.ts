import { describe, expect, it } from 'vitest'

import { checkClaim, CLOCK_WINDOW_MS, nonceExpiry } from './admission-rules.ts'
import { sampleText } from './sample-statement.ts'
import { requestText, signedHeaders } from './signed-request.ts'

const hotkey = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'
const now = new Date('2026-02-03T04:05:06.345Z')
const headers = {
  [signedHeaders.hotkey]: hotkey,
  [signedHeaders.timestamp]: String(now.getTime()),
  [signedHeaders.nonce]: 'a'.repeat(16),
  [signedHeaders.signature]: 'f'.repeat(128),
}
const check = (change: Readonly<Record<string, unknown>>): ReturnType<typeof checkClaim> =>
  checkClaim({ headers: { ...headers, ...change }, now })

describe('checkClaim', () => {
  it('passes within the window, to the millisecond', () => {
    for (const offMs of [-CLOCK_WINDOW_MS, 0, CLOCK_WINDOW_MS]) {
      const timestampMs = now.getTime() + offMs
      expect(check({ [signedHeaders.timestamp]: String(timestampMs) })).toEqual({
        claim: { hotkey, timestampMs, nonce: 'a'.repeat(16), signature: 'f'.repeat(128) },
      })
    }
    for (const offMs of [-CLOCK_WINDOW_MS - 1, CLOCK_WINDOW_MS + 1]) {
      expect(check({ [signedHeaders.timestamp]: String(now.getTime() + offMs) })).toMatchObject({
        refusal: { hint: expect.stringContaining(now.toISOString()) },
      })
    }
  })

  it.each(Object.values(signedHeaders))('refuses a request whose %s is missing, doubled or odd', (name) => {
    for (const value of [
      undefined,
      '',
      ' ',
      ['a', 'b'],
      'ä',
      '-1',
      `${headers[name]} `,
      'x'.repeat(100_000),
    ]) {
      expect(check({ [name]: value })).toMatchObject({
        refusal: { message: expect.stringContaining(name) },
      })
    }
  })

  it('remembers a nonce for longer than its request could pass', () => {
    const timestampMs = now.getTime() + CLOCK_WINDOW_MS
    const lastMs = timestampMs + CLOCK_WINDOW_MS
    expect(nonceExpiry({ timestampMs }).getTime()).toBeGreaterThan(lastMs)
  })
})

describe('what is signed', () => {
  const statement = {
    audience: hotkey,
    method: 'POST',
    target: '/v1/tasks/claim?a=b',
    bodySha256: 'e'.repeat(64),
    hotkey,
    timestampMs: 1_770_091_506_345,
    nonce: 'n'.repeat(16),
  }

  it('never changes: executors in other languages write it too', () => {
    expect(requestText(statement)).toBe(
      `subnetkit-request-v1\n${hotkey}\nPOST\n/v1/tasks/claim?a=b\n${'e'.repeat(64)}\n${hotkey}\n1770091506345\nnnnnnnnnnnnnnnnn`,
    )
    const key = { minerHotkey: hotkey, modelRevision: 'r', environment: 'sat', generation: 1, taskId: 7 }
    expect(sampleText({ key, answerSha256: 'e'.repeat(64), fault: null, latencyMs: 12 })).toBe(
      `{"answerSha256":"${'e'.repeat(64)}","domain":"subnetkit-sample-v1","environment":"sat","fault":null,"generation":1,"latencyMs":12,"minerHotkey":"${hotkey}","modelRevision":"r","taskId":7}`,
    )
  })

  it.each(['audience', 'method', 'target', 'nonce'] as const)('refuses a line break in %s', (part) => {
    expect(() => requestText({ ...statement, [part]: 'a\nb' })).toThrow('line break')
  })
})
