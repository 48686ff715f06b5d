import { describe, expect, it } from 'vitest'

import { layersRule } from './layers-rule.ts'
import type { RuleInput, RuleMiner, RuleScore } from './weight-rule.ts'

const TASKS = 100

function miner(
  minerHotkey: string,
  firstBlock: number | null,
  means: Readonly<Record<string, number>>,
  sampleCount = TASKS,
): RuleMiner {
  const entries = Object.entries(means).map(([name, mean]) => [name, { mean, sampleCount }] as const)
  return { minerHotkey, coldkey: null, firstBlock, means: new Map(entries) }
}

function inputOf(environments: readonly string[], miners: readonly RuleMiner[]): RuleInput {
  return {
    environments: environments.map((name) => ({ name, taskCount: TASKS, minCompleteness: 0.95 })),
    miners,
  }
}

type Parameters = Parameters_[0]
type Parameters_ = globalThis.Parameters<typeof layersRule.prepare>

function scoreOf(input: RuleInput, parameters: Parameters = {}): Readonly<Record<string, RuleScore>> {
  const scores = layersRule.prepare(parameters).score(input)
  return Object.fromEntries(scores.map((score) => [score.minerHotkey, score]))
}

/** The points and weights of each miner. */
function sharesOf(
  input: RuleInput,
  parameters: Parameters = {},
): Readonly<Record<string, readonly [points: number, weight: number, rank: number]>> {
  const scores = Object.values(scoreOf(input, parameters))
  return Object.fromEntries(
    scores.map(({ minerHotkey, points, weight, rank }) => [minerHotkey, [points, weight, rank]]),
  )
}

describe('the layers rule, by hand', () => {
  it('gives a single miner every point of two environments', () => {
    // Two layers: 2 points over the singles {x}, {y}; 4 for {x, y}. 1 + 1 + 4 = 6.
    const only = miner('A', 10, { x: 0.8, y: 0.6 })
    expect(scoreOf(inputOf(['x', 'y'], [only]))['A']).toMatchObject({
      points: 6,
      weight: 1,
      rank: 1,
      scoresByLayer: { 1: 2, 2: 4 },
      averageScore: 0.7,
      totalSamples: 200,
      isEligible: true,
      meetsCriteria: true,
      reason: null,
      scoresByEnvironment: {
        // 0.8 + 0.2 * 0.2 = 0.84; Beta(80.5, 20.5).
        x: { score: 0.8, threshold: 0.84, completeness: 1, confidenceLower: 0.74471096, isValid: true },
        y: { score: 0.6, threshold: 0.68 },
      },
    })
  })

  it('gives nothing to the later of two equal miners', () => {
    // B's 0.8 is not above A's 0.84 anywhere, so A dominates it in all three subsets.
    const two = [miner('A', 10, { x: 0.8, y: 0.8 }), miner('B', 11, { x: 0.8, y: 0.8 })]
    const scores = scoreOf(inputOf(['x', 'y'], two))
    expect(scores['A']).toMatchObject({ points: 6, weight: 1, rank: 1 })
    expect(scores['B']).toMatchObject({
      points: 0,
      weight: 0,
      rank: 2,
      meetsCriteria: false,
      isEligible: true,
    })
    expect(scores['B']?.reason).toBe('is not clearly better anywhere than the earlier A')
  })

  it('decides between equal blocks by hotkey, and counts an unknown block as the last', () => {
    const same = [miner('B', 10, { x: 0.8 }), miner('A', 10, { x: 0.8 })]
    expect(sharesOf(inputOf(['x'], same))).toMatchObject({ A: [1, 1, 1], B: [0, 0, 2] })
    const unknown = [miner('A', null, { x: 0.8 }), miner('B', 99, { x: 0.8 })]
    expect(sharesOf(inputOf(['x'], unknown))).toMatchObject({ A: [0, 0, 2], B: [1, 1, 1] })
  })

  it('takes a copy out, and shares what its original and a specialist both deserve', () => {
    // Thresholds: A 0.6 + 0.08 = 0.68; B 0.62 + 0.076 = 0.696 in x. B passes A nowhere and is out of everything.
    // {x}: C's 0.9 passes A's 0.68: A is out, C has 1 point. {y}: C's 0.3 does not: A has 1 point.
    // {x, y}: neither dominates. Means: A sqrt(0.36) = 0.6, C sqrt(0.27) = 0.519615242, counted half for rank 2:
    // 0.259807621. A has 4 * 0.6 / 0.859807621 = 2.791322, C the other 1.208678.
    // A: 3.791322 of 6 = 0.631887; C: 2.208678 of 6 = 0.368113.
    const three = [
      miner('A', 10, { x: 0.6, y: 0.6 }),
      miner('B', 20, { x: 0.62, y: 0.61 }),
      miner('C', 30, { x: 0.9, y: 0.3 }),
    ]
    const shares = sharesOf(inputOf(['x', 'y'], three))
    expect(shares['A']?.[0]).toBeCloseTo(3.791322, 6)
    expect(shares['C']?.[0]).toBeCloseTo(2.208678, 6)
    expect(shares['B']).toEqual([0, 0, 3])
    expect(shares['A']?.[1]).toBeCloseTo(0.631887, 6)
    expect(shares['C']?.[1]).toBeCloseTo(0.368113, 6)
  })

  it('lets a later miner win that passes the threshold everywhere', () => {
    // A's thresholds are 0.6 and 0.6; B has 0.61 in both, so B dominates A in every subset.
    const two = [miner('A', 10, { x: 0.5, y: 0.5 }), miner('B', 20, { x: 0.61, y: 0.61 })]
    const scores = scoreOf(inputOf(['x', 'y'], two))
    expect(scores['B']).toMatchObject({ points: 6, weight: 1 })
    expect(scores['A']?.reason).toBe('is beaten everywhere by B')
  })

  it('counts a score at its threshold, or within the tie margin above it, as not passed', () => {
    const against = (later: number): RuleInput =>
      inputOf(['x'], [miner('A', 10, { x: 0.5 }), miner('B', 20, { x: later })])
    expect(sharesOf(against(0.6))).toMatchObject({ A: [1, 1, 1], B: [0, 0, 2] })
    expect(sharesOf(against(0.600000001))).toMatchObject({ A: [1, 1, 1], B: [0, 0, 2] })
    expect(sharesOf(against(0.600000002))).toMatchObject({ A: [0, 0, 2], B: [1, 1, 1] })
  })

  it('leaves a miner out of the subsets in which it is not complete, and only of those', () => {
    // A has 94 of 95 needed samples in y: it contests {x} alone, where B's 0.55 does not pass its 0.6.
    // A 1 point; B {y} 1 + {x, y} 4 = 5. A 1/6, B 5/6.
    const partial: RuleMiner = {
      minerHotkey: 'A',
      coldkey: null,
      firstBlock: 10,
      means: new Map([
        ['x', { mean: 0.5, sampleCount: 95 }],
        ['y', { mean: 0.5, sampleCount: 94 }],
      ]),
    }
    const scores = scoreOf(inputOf(['x', 'y'], [partial, miner('B', 20, { x: 0.55, y: 0.4 })]))
    expect(scores['A']).toMatchObject({ points: 1, weight: 0.166666667, isEligible: false })
    expect(scores['B']).toMatchObject({ points: 5, weight: 0.833333333, isEligible: true })
    expect(scores['A']?.scoresByEnvironment).toMatchObject({
      x: { completeness: 0.95, isValid: true },
      y: { completeness: 0.94, isValid: false },
    })
  })

  it('says what is missing of a miner that is complete nowhere', () => {
    const scores = scoreOf(inputOf(['x', 'y'], [miner('A', 10, { x: 0.5 }, 10)]))
    expect(scores['A']).toMatchObject({ points: 0, weight: 0, rank: 1, reason: 'has 10 of 95 samples in x' })
  })

  it('shares a subset equally when everybody left in it is at zero, or gives it to nobody', () => {
    // {x}: B's 0.5 passes A's threshold of 0 + 0.1: B has 1. {y}: B's 0 does not pass A's 0.6: A has 1.
    // {x, y}: both means are 0: 2 each. Without the equal split the 4 points are lost.
    const two = [miner('A', 10, { x: 0, y: 0.5 }), miner('B', 20, { x: 0.5, y: 0 })]
    const input = inputOf(['x', 'y'], two)
    expect(sharesOf(input)).toEqual({ A: [3, 0.5, 1], B: [3, 0.5, 1] })
    expect(sharesOf(input, { whenAllZero: 'nobody' })).toEqual({ A: [1, 0.5, 1], B: [1, 0.5, 1] })
  })

  it('gives all points to the first of those that solve nothing, unless zero is worth nothing', () => {
    const two = [miner('A', 10, { x: 0, y: 0 }), miner('B', 20, { x: 0, y: 0 })]
    expect(sharesOf(inputOf(['x', 'y'], two))).toEqual({ A: [6, 1, 1], B: [0, 0, 2] })
    const scores = scoreOf(inputOf(['x', 'y'], two), { whenAllZero: 'nobody' })
    expect(scores['A']).toMatchObject({ points: 0, weight: 0, rank: 1, reason: 'nobody is above zero' })
  })

  it('pays nothing below the minimum of 0.5 points, and the others share it', () => {
    // {x}: A 1, {y}: B 1 (B's 0.9 passes 0.05 + 0.1; C's 0.16 passes only A's y and B's x).
    // {x, y}: all stay. Means A = B = sqrt(0.045) = 0.212132034, C 0.16: A first by arrival, B second, C third:
    // 0.212132034 + 0.106066017 + 0.04 = 0.358198052. A 2.368880, B 1.184440, C 0.446680, which is too little.
    // A 3.368880, B 2.184440 of 5.553320: 0.606643 and 0.393357.
    const three = [
      miner('A', 10, { x: 0.9, y: 0.05 }),
      miner('B', 20, { x: 0.05, y: 0.9 }),
      miner('C', 30, { x: 0.16, y: 0.16 }),
    ]
    const input = inputOf(['x', 'y'], three)
    const scores = scoreOf(input)
    expect(scores['A']?.weight).toBeCloseTo(0.606643, 5)
    expect(scores['B']?.weight).toBeCloseTo(0.393357, 5)
    expect(scores['C']).toMatchObject({ weight: 0, rank: 3, meetsCriteria: false })
    expect(scores['C']?.points).toBeCloseTo(0.44668, 5)
    expect(scores['C']?.reason).toMatch(/^0\.4466\d+ points are less than 0\.5$/)

    // As a share: 0.446680 / 6 = 0.074447 is below 0.1; it is not given to the others, who keep 3.368880 / 6 …
    const byShare = scoreOf(input, { minimum: { kind: 'share', share: 0.1 } })
    expect(byShare['A']?.weight).toBeCloseTo(0.56148, 5)
    expect(byShare['B']?.weight).toBeCloseTo(0.364073, 5)
    expect(byShare['C']).toMatchObject({
      weight: 0,
      meetsCriteria: false,
      reason: 'the share is less than the smallest that is paid',
    })
    // … and with the 0.01 of the later rule it stays.
    expect(scoreOf(input, { minimum: { kind: 'share' } })['C']?.weight).toBeCloseTo(0.074447, 5)
  })

  it('keeps everyone in a circle of three, where each one is dominated by another', () => {
    // Thresholds: A 0.5 + 0.1 = 0.6, B 0.59 + 0.082 = 0.672. A dominates B, B dominates C (0.65), C dominates A.
    // Means 0.65, 0.59 / 2, 0.5 / 4: 0.65 + 0.295 + 0.125 = 1.07. C 0.607477, B 0.275701, A 0.116822.
    const circle = [miner('A', 10, { x: 0.5 }), miner('B', 20, { x: 0.59 }), miner('C', 30, { x: 0.65 })]
    const shares = sharesOf(inputOf(['x'], circle))
    expect(shares['C']?.[0]).toBeCloseTo(0.607477, 6)
    expect(shares['B']?.[0]).toBeCloseTo(0.275701, 6)
    expect(shares['A']?.[0]).toBeCloseTo(0.116822, 6)
    // Of which only C reaches the minimum.
    expect(shares['C']?.[1]).toBe(1)
  })

  it('raises the geometric mean by epsilon when asked to', () => {
    // sqrt(0.1 * 0.6) - 0.1 = 0.144948974 for both in {x, y}: A 4 * 2/3, B 4 * 1/3, and 1 each from the singles.
    const two = [miner('A', 10, { x: 0, y: 0.5 }), miner('B', 20, { x: 0.5, y: 0 })]
    const shares = sharesOf(inputOf(['x', 'y'], two), { subsetMean: { kind: 'smoothed' } })
    expect(shares['A']?.[0]).toBeCloseTo(11 / 3, 9)
    expect(shares['B']?.[0]).toBeCloseTo(7 / 3, 9)
  })
})

describe('the layers rule refuses', () => {
  const good = miner('A', 10, { x: 0.5 })

  it.each([
    [
      'a mean that is not a number',
      [miner('A', 1, { x: Number.NaN })],
      /A in x: mean: .*give a number from 0 to 1/,
    ],
    ['a mean above 1', [miner('A', 1, { x: 1.1 })], /A in x: mean: 1\.1/],
    ['a mean below 0', [miner('A', 1, { x: -0.1 })], /A in x: mean: -0\.1/],
    ['more samples than tasks', [miner('A', 1, { x: 0.5 }, 101)], /A in x: sampleCount: 101/],
    ['half a sample', [miner('A', 1, { x: 0.5 }, 0.5)], /A in x: sampleCount: 0\.5/],
    ['an unknown environment', [miner('A', 1, { z: 0.5 })], /A in z: has samples of an environment/],
    ['a miner twice', [good, good], /miners: name one of them twice/],
  ])('%s', (_name, miners, message) => {
    expect(() => scoreOf(inputOf(['x'], miners))).toThrow(message)
  })

  it('environments that are none, too many or twice', () => {
    const many = Array.from({ length: 17 }, (_none, index) => `e${index}`)
    expect(() => scoreOf(inputOf([], []))).toThrow(/environments: 0 .*1 to 16/)
    expect(() => scoreOf(inputOf(many, []))).toThrow(/environments: 17/)
    expect(() => scoreOf(inputOf(['x', 'x'], []))).toThrow(/environments: name one/)
  })

  it.each([
    [{ maxLayers: 0 }, /scoring\.layers: maxLayers: 0/],
    [{ threshold: { kind: 'other' } }, /scoring\.layers: threshold/],
    [{ rankDecy: 0.5 }, /scoring\.layers: rankDecy: is not known here/],
    ['0.5', /scoring\.layers/],
  ])('parameters %j', (parameters, message) => {
    expect(() => layersRule.prepare(parameters)).toThrow(message)
  })
})

it('says all of its constants', () => {
  expect(layersRule.prepare({}).parameters).toEqual({
    maxLayers: 6,
    layerGrowth: 2,
    threshold: { kind: 'remaining_share', share: 0.2, least: 0.02, most: 0.1 },
    tieMargin: 1e-9,
    subsetMean: { kind: 'geometric' },
    rankDecay: 0.5,
    whenAllZero: 'equal_split',
    minimum: { kind: 'points', points: 0.5 },
    confidenceLevel: 0.8,
  })
})
