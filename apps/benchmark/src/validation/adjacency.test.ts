import fc from 'fast-check'
import { expect, it } from 'vitest'

import { compressPairs } from './adjacency.ts'
import { GrowingIntegers } from './growing-integers.ts'

it('holds exactly the pairs that it was made of, each once', () => {
  const pair = fc.tuple(fc.nat(9), fc.nat(9))
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 60 }), (pairs) => {
      const sources = new GrowingIntegers()
      const targets = new GrowingIntegers()
      for (const [source, target] of pairs) {
        sources.push(source)
        targets.push(target)
      }
      const adjacency = compressPairs(10, sources, targets)
      for (let row = 0; row < 10; row++) {
        const wanted = new Set(pairs.filter(([source]) => source === row).map(([, target]) => target))
        expect(adjacency.degree(row)).toBe(wanted.size)
        const held = Array.from({ length: 12 }, (_, at) => at - 1).filter((value) =>
          adjacency.has(row, value),
        )
        expect(held).toEqual([...wanted].sort((a, b) => a - b))
      }
    }),
  )
})

it('grows beyond its first room', () => {
  const integers = new GrowingIntegers()
  for (let value = 0; value < 5_000; value++) integers.push(-value)
  expect([integers.length, integers.at(4_999), integers.at(5_000)]).toEqual([5_000, -4_999, 0])
})
