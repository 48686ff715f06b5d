import { expect, it } from 'vitest'

import { FingerprintSet, textBits } from './fingerprint-set.ts'

it('knows what was added and nothing else, also zero and the largest', () => {
  const set = new FingerprintSet()
  const edges = [
    [0, 0],
    [0, 2],
    [1, 0],
    [0xffffffff, 0xffffffff],
    [-1, 5],
  ] as const
  for (const [high, low] of edges) {
    expect(set.has(high, low)).toBe(false)
    expect(set.add(high, low)).toBe(true)
    expect(set.add(high, low)).toBe(false)
    expect(set.has(high, low)).toBe(true)
  }
  expect(set.size).toBe(edges.length)
})

it('keeps 100,000 texts that differ in one place apart', () => {
  const set = new FingerprintSet()
  const add = (text: string): boolean => set.add(textBits(text, 1), textBits(text, 2))
  let taken = 0
  for (let nth = 0; nth < 100_000; nth++) taken += add(`0x${nth.toString(16).padStart(64, '0')}`) ? 0 : 1
  expect(taken).toBe(0)
  expect(add(`0x${'0'.repeat(64)}`)).toBe(false)
})

it('spreads either half of a fingerprint evenly', () => {
  for (const seed of [1, 2]) {
    const buckets = Array.from({ length: 16 }, () => 0)
    for (let nth = 0; nth < 16_000; nth++) {
      const bucket = textBits(`account-${nth}`, seed) >>> 28
      buckets[bucket] = (buckets[bucket] ?? 0) + 1
    }
    for (const count of buckets) expect(Math.abs(count - 1_000)).toBeLessThan(150)
  }
})
