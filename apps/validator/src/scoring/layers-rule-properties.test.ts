import fc from 'fast-check'
import { expect, it } from 'vitest'

import { layersRule } from './layers-rule.ts'
import type { RuleInput, RuleMiner, RuleScore } from './weight-rule.ts'

const TASKS = 20
const environmentNames = ['d', 'a', 'c', 'b']

interface Cell {
  readonly hundredths: number
  readonly sampleCount: number
}

/** Coarse scores, so that ties, thresholds and circles come up often. */
const cellArbitrary: fc.Arbitrary<Cell> = fc.record({
  hundredths: fc.integer({ min: 0, max: 100 }),
  sampleCount: fc.constantFrom(TASKS, TASKS, TASKS, 19, 18, 0),
})

const inputArbitrary: fc.Arbitrary<RuleInput> = fc.integer({ min: 1, max: 4 }).chain((count) => {
  const names = environmentNames.slice(0, count)
  const minerArbitrary = fc.record({
    firstBlock: fc.option(fc.integer({ min: 1, max: 4 })),
    cells: fc.array(cellArbitrary, { minLength: count, maxLength: count }),
  })
  return fc.array(minerArbitrary, { maxLength: 7 }).map((miners) => ({
    environments: names.map((name) => ({ name, taskCount: TASKS, minCompleteness: 0.95 })),
    miners: miners.map(({ firstBlock, cells }, index) => ({
      minerHotkey: `H${index}`,
      coldkey: null,
      firstBlock,
      means: new Map(
        names.map((name, place) => {
          const { hundredths, sampleCount } = cells[place] ?? { hundredths: 0, sampleCount: 0 }
          return [name, { mean: sampleCount === 0 ? 0 : hundredths / 100, sampleCount }]
        }),
      ),
    })),
  }))
})

const parametersArbitrary = fc.record({
  maxLayers: fc.integer({ min: 1, max: 6 }),
  threshold: fc.constantFrom({ kind: 'remaining_share' }, { kind: 'standard_error' }),
  subsetMean: fc.constantFrom({ kind: 'geometric' }, { kind: 'smoothed' }),
  minimum: fc.constantFrom({ kind: 'points' }, { kind: 'share' }),
})

const rule = layersRule.prepare({})
const nano = (value: number): number => Math.round(value * 1e9)
const sumOf = (scores: readonly RuleScore[]): number =>
  scores.reduce((sum, { weight }) => sum + nano(weight), 0)

it('does not depend on the order of its input', () => {
  const shuffled = inputArbitrary.chain((input) =>
    fc.record({
      input: fc.constant(input),
      miners: fc.shuffledSubarray([...input.miners], { minLength: input.miners.length }),
      environments: fc.shuffledSubarray([...input.environments], { minLength: input.environments.length }),
      parameters: parametersArbitrary,
    }),
  )
  fc.assert(
    fc.property(shuffled, ({ input, miners, environments, parameters }) => {
      const prepared = layersRule.prepare(parameters)
      expect(prepared.score({ miners, environments })).toStrictEqual(prepared.score(input))
    }),
    { numRuns: 200 },
  )
})

it('shares out exactly one, or nothing when nobody has enough points', () => {
  fc.assert(
    fc.property(inputArbitrary, (input) => {
      const scores = rule.score(input)
      const isAnyone = scores.some(({ points }) => points >= 0.5)
      expect(sumOf(scores)).toBe(isAnyone ? 1_000_000_000 : 0)
      for (const score of scores) {
        expect(score.weight > 0).toBe(score.meetsCriteria)
        expect(score.weight > 0).toBe(score.reason === null)
      }
    }),
    { numRuns: 300 },
  )
})

it('never shares out more points than there are, and layers add up to points', () => {
  fc.assert(
    fc.property(inputArbitrary, parametersArbitrary, (input, parameters) => {
      const scores = layersRule.prepare(parameters).score(input)
      const count = input.environments.length
      const layers = Math.min(count, parameters.maxLayers)
      const total = scores.reduce((sum, { points }) => sum + points, 0)
      expect(total).toBeLessThanOrEqual(count * (2 ** layers - 1) + 1e-6)
      expect(sumOf(scores)).toBeLessThanOrEqual(1_000_000_000)
      for (const { points, scoresByLayer } of scores) {
        expect(Object.values(scoresByLayer).reduce((sum, part) => sum + nano(part), 0)).toBe(nano(points))
      }
    }),
    { numRuns: 200 },
  )
})

it('is not changed for anybody by a later copy that is worse', () => {
  const copied = inputArbitrary
    .filter(({ miners }) => miners.some(({ firstBlock }) => firstBlock !== null))
    .chain((input) =>
      fc.record({
        input: fc.constant(input),
        original: fc.constantFrom(...input.miners.filter(({ firstBlock }) => firstBlock !== null)),
        loss: fc.integer({ min: 1, max: 20 }),
        delay: fc.integer({ min: 1, max: 5 }),
      }),
    )
  fc.assert(
    fc.property(copied, ({ input, original, loss, delay }) => {
      const copy: RuleMiner = {
        minerHotkey: 'copy',
        coldkey: null,
        firstBlock: (original.firstBlock ?? 0) + delay,
        means: new Map(
          [...original.means].map(([name, { mean, sampleCount }]) => [
            name,
            { mean: Math.max(0, mean - loss / 100), sampleCount },
          ]),
        ),
      }
      const before = rule.score(input)
      const after = rule.score({ ...input, miners: [...input.miners, copy] })
      expect(after.filter(({ minerHotkey }) => minerHotkey !== 'copy')).toStrictEqual(before)
      expect(after.find(({ minerHotkey }) => minerHotkey === 'copy')?.weight).toBe(0)
    }),
    { numRuns: 300 },
  )
})

it('ranks by weight, and leaves out what equal ranks take up', () => {
  fc.assert(
    fc.property(inputArbitrary, (input) => {
      const scores = rule.score(input)
      for (const { rank, weight } of scores) {
        expect(rank).toBe(1 + scores.filter((other) => other.weight > weight).length)
      }
    }),
    { numRuns: 200 },
  )
})

it('takes 256 miners in 11 environments in well under a second', () => {
  const environments = Array.from({ length: 11 }, (_none, index) => ({
    name: `e${index}`,
    taskCount: 500,
    minCompleteness: 0.95,
  }))
  // A multiplicative generator: any spread of values does, as long as it is the same each time.
  let state = 7
  const next = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
  const miners = Array.from({ length: 256 }, (_none, index) => ({
    minerHotkey: `H${index}`,
    coldkey: null,
    firstBlock: index,
    means: new Map(environments.map(({ name }) => [name, { mean: nano(next()) / 1e9, sampleCount: 500 }])),
  }))
  const started = performance.now()
  const scores = rule.score({ environments, miners })
  const elapsedMs = performance.now() - started
  expect(sumOf(scores)).toBe(1_000_000_000)
  // About 0.4 s on an idle core; the limit allows for busy ones.
  expect(elapsedMs).toBeLessThan(5_000)
})
