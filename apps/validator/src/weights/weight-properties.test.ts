import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { cycle, minersOf, parametersOf } from '../../test/fixtures/weight-cycle.ts'
import { weightRecords } from './miner-weight-record.ts'
import { createScoreOrder, sortByValue } from './score-order.ts'

const score = fc.oneof(
  fc.constant(null),
  fc.constant(0),
  fc.constantFrom(0.5, 0.9),
  fc.double({ min: 0, max: 1, noNaN: true }),
)
const population = fc.array(fc.tuple(score, score, score, fc.constantFrom('a', 'b', null)), { maxLength: 40 })
const parameters = parametersOf('corrected')

function scoresOf(rows: readonly (readonly [number | null, number | null, number | null, string | null])[]) {
  return {
    uids: rows.map((_, uid) => uid),
    coldkeys: rows.map(([, , , coldkey]) => coldkey),
    scores: {
      weather: rows.map(([first]) => first),
      geomagnetic: rows.map(([, second]) => second),
      soil: rows.map(([, , third]) => third),
    },
  }
}

describe('computeWeights', () => {
  it('§10.4 adds up: effective contributions to raw, weights to one or zero, none below zero', () => {
    fc.assert(
      fc.property(population, (rows) => {
        const given = scoresOf(rows)
        const computed = cycle(given, parameters)
        const records = weightRecords(computed, minersOf(given))
        const total = computed.weights.reduce((sum, weight) => sum + weight, 0)
        expect(total).toBeCloseTo(computed.branch === 'none' ? 0 : 1, 12)
        for (let index = 0; index < records.size; index += 1) {
          const record = records.at(index)
          const effective = record.tasks.reduce((sum, task) => sum + task.effectiveContribution, 0)
          const plain = record.tasks.reduce((sum, task) => sum + task.contribution, 0)
          expect(effective).toBeCloseTo(record.raw, 12)
          expect(plain * record.bonus).toBeCloseTo(record.diversity, 12)
          expect(record.raw).toBe(Math.max(record.excellence, record.diversity))
          expect(record.weight).toBeGreaterThanOrEqual(0)
        }
      }),
    )
  })

  it('leaves what it gave before as it was, with as many miners too', () => {
    const rows = (weather: number[]) => ({
      uids: weather.map((_, uid) => uid),
      coldkeys: weather.map(() => null),
      scores: { weather, geomagnetic: weather.toReversed(), soil: weather.map(() => null) },
    })
    const first = cycle(rows([0.1, 0.9, 0.5, 0.4, 0.7, 0.3]), parameters)
    const copy = structuredClone(first)
    const second = cycle(rows([0.8, 0.2, 0.6, 0.9, 0, 0.5]), parameters)
    expect(first).toStrictEqual(copy)
    expect(second.raw).not.toEqual(first.raw)
  })

  it('follows the miners when they are listed in another order', () => {
    fc.assert(
      fc.property(population, (rows) => {
        const forward = cycle(scoresOf(rows), parameters).weights
        const backward = cycle(scoresOf(rows.toReversed()), parameters).weights.toReversed()
        for (const [at, weight] of forward.entries()) expect(backward[at]).toBeCloseTo(weight, 12)
      }),
    )
  })
})

describe('sortByValue', () => {
  it('orders like a stable comparison, also values that differ in their last bits only', () => {
    const near = fc.integer({ min: 0, max: 60 }).map((steps) => 0.7 + steps * 2 ** -53)
    const values = fc.array(
      fc.oneof(
        near,
        fc.double({ min: -10, max: 10, noNaN: true }).map((x) => x + 0),
      ),
      { maxLength: 300 },
    )
    fc.assert(
      fc.property(values, (list) => {
        const column = Float64Array.from(list)
        const scores = createScoreOrder(list.length)
        for (const index of list.keys()) scores.order[index] = index
        sortByValue(column, list.length, scores)
        const expected = list.map((_, index) => index).sort((a, b) => (list[a] ?? 0) - (list[b] ?? 0))
        expect([...scores.order]).toEqual(expected)
        expect(scores.sorted).toEqual(column.toSorted())
      }),
    )
  })
})
