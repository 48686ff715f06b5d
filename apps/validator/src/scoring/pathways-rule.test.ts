import { describe, expect, it } from 'vitest'

import examples from '../../test/fixtures/weight-examples.json' with { type: 'json' }
import { pathwaysPreset } from '../weights/pathways-presets.ts'
import { pathwaysRule } from './pathways-rule.ts'
import type { RuleInput, RuleMiner } from './weight-rule.ts'

const TASKS = 20

/** A published example as means of environments: null is an environment without samples. */
function inputOf(
  scores: Readonly<Record<string, readonly (number | null)[]>>,
  coldkeys: readonly (string | null)[] = [],
): RuleInput {
  const names = Object.keys(scores)
  const size = scores[names[0] ?? '']?.length ?? 0
  return {
    environments: names.map((name) => ({ name, taskCount: TASKS, minCompleteness: 0.9 })),
    miners: Array.from({ length: size }, (_, index): RuleMiner => {
      const means = names.flatMap((name) => {
        const mean = scores[name]?.[index] ?? null
        return mean === null ? [] : [[name, { mean, sampleCount: TASKS }] as const]
      })
      const place = String(index).padStart(2, '0')
      return {
        minerHotkey: `H${place}`,
        coldkey: coldkeys[index] ?? null,
        firstBlock: index,
        means: new Map(means),
      }
    }),
  }
}

const planEra = pathwaysRule.prepare(JSON.parse(JSON.stringify(pathwaysPreset('plan-era'))))

describe('the rule pathways', () => {
  it.each([
    ['2.5', examples.A],
    ['2.7', examples.C],
  ])(
    'gives the weights of example %s, environments being its tasks',
    (_section, { scores, weights, raw }) => {
      const scored = planEra.score(inputOf(scores))
      for (const [at, score] of scored.entries()) {
        expect(score.weight).toBeCloseTo(weights[at] ?? Number.NaN, 8)
        expect(score.points).toBeCloseTo(raw[at] ?? Number.NaN, 8)
      }
    },
  )

  it('gives whole billionths that sum to one, and ranks by them', () => {
    const scored = planEra.score(inputOf(examples.A.scores))
    expect(scored.reduce((sum, { weight }) => sum + Math.round(weight * 1e9), 0)).toBe(1e9)
    expect(scored.map(({ rank }) => rank)).toEqual([1, 2, 3, 5, 6, 4])
  })

  it('weighs down miners that share a coldkey', () => {
    const clustered = pathwaysRule.prepare({})
    const same = Array.from({ length: 6 }, () => 'one')
    const apart = clustered.score(inputOf(examples.A.scores))
    const together = clustered.score(inputOf(examples.A.scores, same))
    for (const [at, { points }] of together.entries()) {
      expect(points).toBeCloseTo((apart[at]?.points ?? 0) * 0.657142857, 6)
    }
  })

  it('takes an environment in which a miner is not complete for one without a score', () => {
    const input = inputOf({ sat: [0.9, 0.8, 0.7], abduction: [0.5, 0.6, 0.7] })
    const [first, ...others] = input.miners
    const means = new Map([...(first?.means ?? []), ['sat', { mean: 0.9, sampleCount: 17 }] as const])
    const miners = [{ ...first, minerHotkey: 'H00', coldkey: null, firstBlock: 0, means }, ...others]
    const [partial, whole] = pathwaysRule.prepare({}).score({ ...input, miners })
    expect(partial).toMatchObject({ isEligible: false })
    expect(partial?.points ?? 1).toBeLessThan(whole?.points ?? 0)
  })

  it('says why somebody gets nothing', () => {
    const scored = pathwaysRule.prepare({}).score(inputOf({ sat: [0.9, 0, null] }))
    expect(scored.map(({ weight }) => weight > 0)).toEqual([true, false, false])
    expect(scored.map(({ reason }) => reason)).toEqual([
      null,
      'earned nothing in any task',
      'has 0 of 18 samples in sat',
    ])
    expect(
      pathwaysRule
        .prepare({})
        .score(inputOf({ sat: [null, 0] }))
        .every(({ weight }) => weight === 0),
    ).toBe(true)
  })

  it('does not look at the order in which miners and environments come', () => {
    const input = inputOf(examples.C.scores)
    const turned = { environments: input.environments.toReversed(), miners: input.miners.toReversed() }
    expect(planEra.score(turned)).toEqual(planEra.score(input))
  })

  it('keeps its parameters whole, and names one that does not fit', () => {
    expect(pathwaysRule.prepare({}).parameters).toMatchObject({ tasks: null, minPercentileScores: 5 })
    expect(() => pathwaysRule.prepare({ curve: { b: -1 } })).toThrow(/scoring\.pathways.*curve\.b/)
    const named = pathwaysRule.prepare({ tasks: [{ name: 'sat', weight: 1 }] })
    expect(() => named.score(inputOf({ abduction: [1] }))).toThrow(/scores of sat.*are missing/)
  })
})
