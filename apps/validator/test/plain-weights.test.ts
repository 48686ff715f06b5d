import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { plainWeights } from './fixtures/plain-weights.ts'
import { minersOf, parametersOf } from './fixtures/weight-cycle.ts'
import { computeWeights } from '../src/weights/compute-weights.ts'
import type { PathwaysParameters } from '../src/weights/pathways-parameters.ts'

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'
const off = { clusters: { kind: 'off' }, uniformity: { kind: 'none' }, negativeScores: 'count' }
const rules: readonly PathwaysParameters[] = [
  parametersOf('corrected', off),
  parametersOf('plan-era', { ...off, legacyUid0Bug: false }),
  parametersOf('corrected', { ...off, curve: { lower: 0.1, midpointQuantile: 1 } }),
  parametersOf('corrected', { ...off, curve: { tilt: 0, b: 700, midpointQuantile: 0 } }),
]

const even = fc.double({ min: 0, max: 1, noNaN: true })
/** Kinds of columns: what a task may score, ties, neighbours in the last bits, and numbers at the edges of doubles. */
const kinds = [
  even,
  fc.constantFrom(0, 0.25, 0.5, 1),
  fc.integer({ min: 0, max: 60 }).map((steps) => 0.7 + steps * 2 ** -53),
  fc.integer({ min: 0, max: 300 }).map((power) => 2 ** -power),
  fc.constantFrom(Number.NaN, 0, -0, 5e-324, 1e-310, -0.5, 1e9, 0.5),
  fc.oneof(even, fc.constantFrom(Number.NaN, 0, -0)),
]

function expectAlike(columns: readonly Float64Array[]): void {
  const size = columns[0]?.length ?? 0
  const miners = minersOf({ uids: Array.from({ length: size }, (_, uid) => uid) })
  for (const parameters of rules) {
    const scores = new Map(parameters.tasks.map(({ name }, at) => [name, columns[at] ?? new Float64Array()]))
    const expected = plainWeights(miners, scores, parameters)
    for (const trace of [false, true]) {
      const found = computeWeights({ miners, scores, parameters, trace })
      expect([...found.raw]).toStrictEqual(expected.raw)
      expect(found.midpoint).toBe(expected.midpoint)
      expect([...found.curved]).toStrictEqual(expected.curved)
      expect([...found.weights]).toStrictEqual(expected.weights)
      if (trace) {
        expect(found.trace?.tasks.map(({ percentiles }) => [...percentiles])).toStrictEqual(
          expected.percentiles,
        )
      }
    }
  }
}

describe('computeWeights', () => {
  it.each(kinds.map((kind, at) => [at, kind] as const))(
    'gives bit for bit what the rule says, scores of kind %s',
    (_at, kind) => {
      const column = (size: number) => fc.array(kind, { minLength: size, maxLength: size })
      const columns = fc
        .integer({ min: 1, max: 40 })
        .chain((size) => fc.tuple(column(size), column(size), column(size)))
      fc.assert(
        fc.property(columns, (lists) => {
          expectAlike(lists.map((list) => Float64Array.from(list)))
        }),
        { numRuns: isSoak ? 500 : 25 },
      )
    },
  )

  it.each(isSoak ? [500, 501, 601, 2_000] : [601])(
    'gives bit for bit what the rule says also for %s miners, however their scores are spread',
    (size) => {
      for (const [seed, kind] of kinds.entries()) {
        const draw = fc.sample(kind, { numRuns: 3 * size, seed })
        expectAlike([0, 1, 2].map((at) => Float64Array.from(draw.slice(at * size, (at + 1) * size))))
      }
    },
  )
})
