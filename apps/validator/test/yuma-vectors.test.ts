import { describe, expect, it } from 'vitest'
import { z } from 'zod'

import { toU16 } from '../src/yuma/fixed-point.ts'
import { bondOf, fractions, readVectors, runBuiltIn } from './fixtures/yuma/run-built-in.ts'

const numbers = z.array(z.number())

const movingBonds = z
  .array(
    z.object({
      incentive: numbers,
      dividends: numbers,
      bonds4: numbers,
      bonds7: numbers,
      emission: numbers,
    }),
  )
  .parse(readVectors('./moving-bonds.json'))

const courses = z
  .record(
    z.string(),
    z.object({ dividends: z.array(numbers), bonds: z.record(z.string(), z.array(numbers)) }),
  )
  .parse(readVectors('./yuma3-courses.json'))

const threeViews = z
  .object({
    consensus: numbers,
    rank: numbers,
    trust: numbers,
    incentive: numbers,
    incentiveU16: numbers,
    validatorTrust: numbers,
    dividends: numbers,
    dividendsU16: numbers,
    bonds: z.array(numbers),
  })
  .parse(readVectors('./three-views.json'))

function expectNear(found: readonly number[], wanted: readonly number[], tolerance: number): void {
  expect(found).toHaveLength(wanted.length)
  for (const [at, value] of wanted.entries()) {
    expect(Math.abs((found[at] ?? Number.NaN) - value), `value ${at}`).toBeLessThanOrEqual(tolerance)
  }
}

describe('vectors 9.1: bonds that move between four validators', () => {
  const epochs = runBuiltIn('moving-bonds')

  it.each(movingBonds.map((wanted, epoch) => ({ epoch, wanted })))('epoch $epoch', ({ epoch, wanted }) => {
    const { shares, next, emission } = epochs[epoch]?.result ?? expect.fail('the epoch did not run')
    expectNear(fractions(shares.incentive, 4, 8), wanted.incentive, 5.1e-9)
    expectNear(fractions(shares.dividends, 0, 4), wanted.dividends, 5.1e-8)
    const validators = [0, 1, 2, 3]
    expect(validators.map((uid) => bondOf(next, uid, 4))).toEqual(wanted.bonds4)
    expect(validators.map((uid) => bondOf(next, uid, 7))).toEqual(wanted.bonds7)
    expect(emission.validators.slice(0, 4)).toEqual(wanted.emission.map(BigInt))
  })

  it('pays miners to the rao', () => {
    const paid = epochs.map(({ result }) => result.emission.miners.slice(4))
    const agreed = [49_998_779n, 100_000_610n, 149_996_337n, 200_004_272n]
    const alone = [0n, 0n, 0n, 500_000_000n]
    expect(paid).toEqual([agreed, agreed, agreed, [0n, 0n, 0n, 0n], alone, alone, alone, alone])
  })

  it('has the consensus and trust of epoch 5', () => {
    const { shares } = epochs[4]?.result ?? expect.fail('the epoch did not run')
    expectNear(fractions(shares.consensus, 7, 8), [0.400008545], 5.1e-10)
    expectNear(fractions(shares.trust, 7, 8), [0.6087041], 5.1e-8)
  })
})

describe.each(Object.entries(courses))('vectors 9.3: %s', (name, wanted) => {
  const epochs = runBuiltIn(name)

  it('pays the dividends', () => {
    for (const [epoch, dividends] of wanted.dividends.entries()) {
      const found = epochs[epoch]?.result.shares.dividends ?? new Float64Array()
      expectNear(fractions(found, 0, 3), dividends, 1e-4)
    }
  })

  it.each(Object.entries(wanted.bonds))('moves the bonds of validator %s', (validator, rows) => {
    const found = epochs.map(({ result }) =>
      [3, 4].map((miner) => bondOf(result.next, Number(validator), miner) / 65_535),
    )
    for (const [epoch, row] of rows.entries()) expectNear(found[epoch] ?? [], row, 1e-4)
  })
})

it('example 8.3: three validators with views of their own', () => {
  const { shares, next } = runBuiltIn('three-views')[0]?.result ?? expect.fail('the epoch did not run')
  for (const name of ['consensus', 'rank', 'trust', 'incentive'] as const) {
    expectNear(fractions(shares[name], 3, 9), threeViews[name], 1e-6)
  }
  for (const name of ['validatorTrust', 'dividends'] as const) {
    expectNear(fractions(shares[name], 0, 3), threeViews[name], 1e-6)
  }
  expect(Array.from(shares.incentive.subarray(3), toU16)).toEqual(threeViews.incentiveU16)
  expect(Array.from(shares.dividends.subarray(0, 3), toU16)).toEqual(threeViews.dividendsU16)
  const found = [0, 1, 2].map((validator) =>
    [3, 4, 5, 6, 7, 8].map((miner) => bondOf(next, validator, miner)),
  )
  expect(found).toEqual(threeViews.bonds)
})
