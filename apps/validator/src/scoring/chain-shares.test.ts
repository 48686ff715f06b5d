import fc from 'fast-check'
import { expect, it } from 'vitest'

import { chainShares } from './chain-shares.ts'

const weights = [
  { minerHotkey: 'A', weight: 0.75 },
  { minerHotkey: 'B', weight: 0.25 },
  { minerHotkey: 'C', weight: 0 },
]

it('takes the burn off every weight: 0.75 * 0.8 = 0.6, 0.25 * 0.8 = 0.2, and 0.2 for uid 0', () => {
  const shares = chainShares({ weights, burn: 0.2 })
  expect([...shares.miners]).toEqual([
    ['A', 0.6],
    ['B', 0.2],
  ])
  expect(shares.owner).toBe(0.2)
})

it('pays the owner everything when no miner has weight, and what a minimum share left over', () => {
  expect(chainShares({ weights: [], burn: 0 })).toEqual({ miners: new Map(), owner: 1 })
  expect(chainShares({ weights: [{ minerHotkey: 'A', weight: 0.9 }], burn: 0 }).owner).toBe(0.1)
})

it('changes no weight without a burn, to the last digit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000_000 }), (nano) => {
      const weight = nano / 1e9
      expect(chainShares({ weights: [{ minerHotkey: 'A', weight }], burn: 0 }).miners.get('A')).toBe(weight)
    }),
  )
})

it('shares out exactly one', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 1_000_000 }), { maxLength: 256 }),
      fc.integer({ min: 0, max: 1_000_000_000 }),
      (nanos, burn) => {
        const given = nanos.map((nano, index) => ({ minerHotkey: `H${index}`, weight: nano / 1e9 }))
        const { miners, owner } = chainShares({ weights: given, burn: burn / 1e9 })
        const paid = [...miners.values()].reduce((sum, share) => sum + Math.round(share * 1e9), 0)
        expect(paid + Math.round(owner * 1e9)).toBe(1_000_000_000)
      },
    ),
  )
})
