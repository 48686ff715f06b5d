import { describe, expect, it } from 'vitest'

import { checkJsonShape } from './check-json-shape.ts'

const check = (text: string): void => checkJsonShape('body', new TextEncoder().encode(text))

describe('checkJsonShape', () => {
  it.each([
    ['nothing', ''],
    ['what is no JSON', '}}]],"'],
    ['32 levels', '['.repeat(32) + ']'.repeat(32)],
    ['megabytes of brackets in a text', `{"a":"${'[{,'.repeat(1_000_000)}"}`],
    ['escaped quotes and backslashes', `{"a":"\\\\","b":"\\"${'['.repeat(100)}\\\\\\"${'['.repeat(100)}"}`],
    ['a text without an end', `"${'['.repeat(100)}`],
    ['an escape at the end', '"\\'],
    [
      'many messages',
      JSON.stringify({ m: Array.from({ length: 10_000 }, () => ({ role: 'a', content: '[,]' })) }),
    ],
  ])('passes %s', (_name, text) => {
    expect(() => check(text)).not.toThrow()
  })

  it.each([
    ['33 levels of lists', '['.repeat(33), /deeper than 32/],
    ['33 levels of objects', '{"a":'.repeat(33), /deeper than 32/],
    ['levels after a text with quotes', `["\\\\\\"",${'['.repeat(40)}`, /deeper than 32/],
    ['millions of empty members', `[${'[],'.repeat(1_000_000)}1]`, /too many members/],
    ['millions of numbers', `[${'1,'.repeat(1_000_000)}1]`, /too many members/],
  ])('refuses %s', (_name, text, message) => {
    expect(() => check(text)).toThrow(message)
  })
})
