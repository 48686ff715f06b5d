import { describe, expect, it } from 'vitest'

import { plainText } from './miner-fault.ts'

describe('plainText', () => {
  it('leaves nothing that moves a cursor, breaks a line or turns the direction of text', () => {
    expect(plainText('a\u001b[31mred\u0007\r\nb\u009b2J\u202ec\u2028d\u2066e\ud800f\u0000')).toBe(
      'a [31mred b 2J c d e f',
    )
  })

  it('keeps letters of every language', () => {
    expect(plainText(' größer 大きい 🙂 ')).toBe('größer 大きい 🙂')
  })

  it('shortens what is long', () => {
    expect(plainText('x'.repeat(10_000_000))).toBe(`${'x'.repeat(299)}…`)
    expect(plainText('🙂'.repeat(200))).toBe(`${'🙂'.repeat(149)}…`)
  })
})
