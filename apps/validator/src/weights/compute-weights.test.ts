import { describe, expect, it } from 'vitest'

import { cycle, minersOf, parametersOf, type CycleScores } from '../../test/fixtures/weight-cycle.ts'
import examples from '../../test/fixtures/weight-examples.json' with { type: 'json' }
import { burnWeights } from './burn-weights.ts'
import { clusterFactor } from './compute-weights.ts'
import { emittedWeights } from './emit-weights.ts'
import { weightRecords } from './miner-weight-record.ts'
import { diversityMultiplier } from './pathway-sums.ts'
import { pathwaysParametersSchema } from './pathways-parameters.ts'

const planEra = parametersOf('plan-era')
const corrected = parametersOf('corrected')

function expectClose(actual: ArrayLike<number>, expected: readonly number[], tolerance = 1e-8): void {
  expect(actual).toHaveLength(expected.length)
  for (const [at, value] of expected.entries()) {
    expect(Math.abs((actual[at] ?? Number.NaN) - value), `entry ${at}`).toBeLessThanOrEqual(tolerance)
  }
}
const weather = (values: readonly (number | null)[], first = 1): CycleScores => ({
  uids: values.map((_, index) => index + first),
  scores: { weather: values, geomagnetic: values.map(() => null), soil: values.map(() => null) },
})

describe('§2.2 pieces', () => {
  it('m(p)', () => {
    const table: readonly [number, number][] = [
      [0, 0.35159],
      [5, 0.37486],
      [10, 0.40728],
      [20, 0.50833],
      [25, 0.57902],
      [30, 0.66118],
      [35, 0.75],
      [40, 0.83882],
      [50, 0.99167],
      [60, 1.09272],
      [70, 1.14841],
      [80, 1.17606],
      [85, 1.18381],
      [90, 1.18908],
      [100, 1.19506],
    ]
    for (const [percentile, value] of table) {
      expect(diversityMultiplier(percentile, planEra.diversity)).toBeCloseTo(value, 5)
    }
  })

  it('cluster factors by size', () => {
    const sizes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
    const factors = sizes.map((size) => clusterFactor(size, planEra.clusters))
    expectClose(factors, [1, 1, 1, 0.885714, 0.771429, 0.657143, 0.542857, 0.428571, 0.314286, 0, 0], 1e-6)
  })
})

describe('§2.5 example A', () => {
  it('matches the published numbers, step by step', () => {
    const computed = cycle(examples.A, planEra)
    expectClose(computed.raw, examples.A.raw)
    expectClose(computed.normalised, examples.A.normalised)
    expectClose(computed.curved, examples.A.curved)
    expectClose(computed.weights, examples.A.weights)
    expect([...emittedWeights(computed.weights)]).toEqual(examples.A.emitted)
    expect(computed.branch).toBe('curve')
    expect(computed.midpoint).toBeCloseTo(0.68349283, 8)
    expect(computed.deviation).toBeCloseTo(0.367241, 6)
    expect(computed.statistics).toMatchObject([
      { count: 5, excellenceCut: expect.closeTo(0.796, 12), excellencePossible: false },
      {
        count: 5,
        excellenceCut: expect.closeTo(0.958, 12),
        mean: expect.closeTo(0.87, 12),
        deviation: expect.closeTo(0.13696715, 8),
        steepness: 30,
      },
      { count: 4, excellenceCut: null, hasPercentiles: false },
    ])
  })

  it('keeps percentiles and contributions of uid 10 and 13', () => {
    const records = weightRecords(cycle(examples.A, planEra), minersOf(examples.A))
    const first = records.of(10)
    expect(first.tasks.map(({ percentile }) => percentile)).toEqual([100, 60, 50])
    expectClose(
      first.tasks.map(({ contribution }) => contribution),
      [0.68596578, 0.14065714, 0.10412559],
    )
    expect(first).toMatchObject({ bonus: 1.15, pathway: 'diversity', emitted: 65535, excellence: 0 })
    expect(
      first.tasks.reduce((sum, { effectiveContribution }) => sum + effectiveContribution, 0),
    ).toBeCloseTo(first.raw, 12)
    const other = records.of('miner13')
    expect(other.tasks[0]).toMatchObject({ score: null, percentile: null, contribution: 0 })
    expect(other).toMatchObject({ uid: 13, bonus: 1, taskCount: 2 })
  })

  it('weighs four miners of one coldkey down', () => {
    const coldkeys = examples.A.uids.map((uid) => (uid === 13 || uid === 14 ? `own${uid}` : 'same'))
    const computed = cycle({ ...examples.A, coldkeys }, parametersOf('plan-era', { clusters: {} }))
    expectClose(computed.raw, examples.A.clusterRaw, 1e-6)
    expectClose(computed.weights, examples.A.clusterWeights, 1e-6)
    expect(computed.midpoint).toBeCloseTo(0.68349283, 8)
    // As it ran, clusters did nothing.
    expectClose(cycle({ ...examples.A, coldkeys }, planEra).weights, examples.A.weights)
  })

  it('qualifies for excellence with a lower minimum, and changes nothing else', () => {
    const computed = cycle(examples.A, parametersOf('plan-era', { minExcellenceScores: 5 }))
    const records = weightRecords(computed, minersOf(examples.A))
    expect(records.of(10).excellence).toBeCloseTo(0.574, 12)
    expect(records.of(10).excellenceTask).toBe('weather')
    expect(records.of(13).excellence).toBeCloseTo(0.1455, 12)
    expect(records.of(11).excellence).toBe(0)
    expectClose(computed.weights, examples.A.weights)
  })
})

describe('§2.7 example C', () => {
  it('lets excellence win', () => {
    const computed = cycle(examples.C, planEra)
    expectClose(computed.raw, examples.C.raw)
    expectClose(computed.normalised, examples.C.normalised)
    expectClose(computed.weights, examples.C.weights)
    expect([...emittedWeights(computed.weights)]).toEqual(examples.C.emitted)
    expect(computed.midpoint).toBeCloseTo(0.80664704, 8)
    const records = weightRecords(computed, minersOf(examples.C))
    expect(records.of(30)).toMatchObject({ pathway: 'excellence', excellenceTask: 'geomagnetic' })
    expect(records.of(30).tasks.map(({ effectiveContribution }) => effectiveContribution)).toEqual([
      0,
      records.of(30).raw,
      0,
    ])
    expect(records.of(29).pathway).toBe('diversity')
    expectClose(
      records.of(20).tasks.map(({ contribution }) => contribution),
      [0, 0.00493184, 0.08925051],
    )
  })

  it('turns uid 31 to diversity with a little weather, still qualified in geomagnetic', () => {
    const scores = { ...examples.C.scores, weather: examples.C.uids.map((uid) => (uid === 31 ? 0.02 : null)) }
    const record = weightRecords(cycle({ ...examples.C, scores }, planEra), minersOf(examples.C)).of(31)
    expect(record.excellence).toBeCloseTo(0.141, 12)
    expect(record.diversity).toBeCloseTo(0.16771463, 8)
    expect(record.pathway).toBe('diversity')
    expect(record.tasks.map(({ isQualified }) => isQualified)).toEqual([false, true, false])
  })
})

describe('§2.8 example D', () => {
  it('ranks ties by uid in the plan era', () => {
    const computed = cycle(examples.D, planEra)
    expectClose(computed.raw, examples.D.raw)
    expectClose(computed.weights, examples.D.weights)
    expect([...emittedWeights(computed.weights)]).toEqual(examples.D.emitted)
    expect(computed).toMatchObject({ branch: 'rank', midpoint: 1 })
    expect(computed.deviation).toBeCloseTo(0.003693, 6)
  })

  it('gives the order of the original run to miners listed in it', () => {
    const uids = [42, 40, 41, 43, 44, 45]
    const computed = cycle(
      { ...examples.D, uids },
      parametersOf('plan-era', { uniformity: { kind: 'rank', ties: 'listed' } }),
    )
    expectClose(computed.weights, examples.D.weights)
  })

  it('lets ties share by default, or ranks them by hotkey', () => {
    const shared = cycle(examples.D, corrected).weights
    expect(shared[0]).toBe(shared[2])
    expect(shared[0]).toBeCloseTo((0.46430698 + 0.20210135 + 0.1242395) / 3, 8)
    const byHotkey = cycle(
      { ...examples.D, uids: [100, 9, 20, 43, 44, 45] },
      parametersOf('plan-era', { uniformity: { kind: 'rank', ties: 'hotkey' } }),
    )
    // miner100 < miner20 < miner9
    expectClose(byHotkey.weights.subarray(0, 3), [0.46430698, 0.1242395, 0.20210135])
  })
})

describe('§2.9 later rules', () => {
  const scores = { uids: [10, 11, 12, 14, 15], scores: { weather: [0.82, 0.78, 0.55, 0.4, 0.66] } }

  it('weather only, then the burn', () => {
    const computed = cycle(scores, parametersOf('contrast'))
    expect(computed.branch).toBe('curve')
    expect(computed.midpoint).toBeCloseTo(0.96097561, 8)
    expectClose(computed.weights, [0.89616614, 0.03407891, 0.02382933, 0.01733042, 0.0285952])
    const burnt = burnWeights(Float64Array.from([...computed.weights, 0]), { rate: 0.75, burnIndex: 5 })
    expectClose(burnt, [0.22404153, 0.00851973, 0.00595733, 0.00433261, 0.0071488, 0.75])
  })

  it('boosts the contrast of near-equal weights', () => {
    const computed = cycle(weather([0.7, 0.7005, 0.7002, 0.7001, 0.6999, 0.7003]), parametersOf('contrast'))
    expect(computed.branch).toBe('contrast')
    expectClose(computed.weights, [0.16609088, 0.16783995, 0.16676492, 0.16642379, 0.16576598, 0.1671145])
  })
})

describe('§2.3 edge cases', () => {
  it.each([
    ['all absent', [null, null]],
    ['all zero', [0, 0]],
  ])('%s: no weights', (_, values) => {
    for (const parameters of [planEra, corrected]) {
      expect(cycle(weather(values), parameters)).toMatchObject({
        branch: 'none',
        weights: Float64Array.of(0, 0),
        midpoint: null,
      })
    }
  })

  it('no miners at all: no weights', () => {
    expect(cycle(weather([]), corrected)).toMatchObject({ branch: 'none', weights: new Float64Array() })
  })

  it('§10.2 a single miner gets everything, also at uid 0; the old bug can be asked for', () => {
    expect([...cycle(weather([0.4], 7), planEra).weights]).toEqual([1])
    expect(cycle(weather([0.4], 7), planEra).curved[0]).toBeCloseTo(0.01064628, 8)
    expect([...cycle(weather([0.4], 0), corrected).weights]).toEqual([1])
    expect(cycle(weather([0.4], 0), planEra)).toMatchObject({ branch: 'none', weights: Float64Array.of(0) })
    expect([...cycle(weather([null, 0.4], 0), planEra).weights]).toEqual([0, 1])
  })

  it('all equal: unequal by rank in the plan era, equal now', () => {
    const six = weather([0.5, 0.5, 0.5, 0.5, 0.5, 0.5])
    expectClose(cycle(six, planEra).weights, [0.464307, 0.202101, 0.12424, 0.08797, 0.067304, 0.054078], 1e-6)
    const now = cycle(six, corrected)
    expect(new Set(now.weights).size).toBe(1)
    expectClose(
      now.weights,
      Array.from({ length: 6 }, () => 1 / 6),
      1e-12,
    )
  })

  it('§10.3 percentiles and cuts with 4, 5, 9 and 10 scores', () => {
    for (const [count, percentile, isPossible] of [
      [4, 50, false],
      [5, 20, false],
      [9, 100 / 9, false],
      [10, 10, true],
    ] as const) {
      const scores = weather(Array.from({ length: count }, (_, index) => (index + 1) / 10))
      const computed = cycle(scores, planEra)
      expect(weightRecords(computed, minersOf(scores)).at(0).tasks[0]?.percentile).toBeCloseTo(percentile, 12)
      expect(computed.statistics[0]?.excellencePossible).toBe(isPossible)
      const cut = computed.statistics[0]?.excellenceCut ?? null
      if (count === 4) expect(cut).toBeNull()
      else expect(cut).toBeCloseTo((1 + 0.85 * (count - 1)) / 10, 12)
    }
  })

  it('a tie at the cut qualifies all of it', () => {
    const scores = weather([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.9, 0.9, 0.9])
    const records = weightRecords(cycle(scores, planEra), minersOf(scores))
    expect([8, 9, 10].map((uid) => records.of(uid).tasks[0]?.isQualified)).toEqual([true, true, true])
    expect(records.of(7).tasks[0]?.isQualified).toBe(false)
  })
})

describe('scores that are none', () => {
  const scores = (value: number): CycleScores => weather([0.5, value, 0.7])

  it.each([
    [Infinity, /^weather score of uid 2: "Infinity" is infinite or beyond 1e9; .*infiniteScores to absent$/],
    [-Infinity, /infinite/],
    [1e300, /infinite or beyond 1e9/],
    [-0.5, /^weather score of uid 2: "-0.5" is negative; .*negativeScores/],
  ])('refuses %d by name, or leaves it out when asked', (value, message) => {
    expect(() => cycle(scores(value), corrected)).toThrow(message)
    const lenient = parametersOf('corrected', { infiniteScores: 'absent', negativeScores: 'absent' })
    expect(cycle(scores(value), lenient).weights).toEqual(cycle(weather([0.5, null, 0.7]), lenient).weights)
  })

  it('lets denormal scores count, refuses them or leaves them out', () => {
    expect([...cycle(weather([null, 1e-310, null]), corrected).weights]).toEqual([0, 1, 0])
    expect(() => cycle(scores(1e-310), parametersOf('corrected', { denormalScores: 'refuse' }))).toThrow(
      /is denormal/,
    )
    expect(
      cycle(scores(1e-310), parametersOf('corrected', { denormalScores: 'absent' })).statistics[0]?.count,
    ).toBe(2)
  })

  it('lets a zero rank last without earning the bonus; the plan era drops it', () => {
    expect(cycle(scores(0), planEra).statistics[0]?.count).toBe(2)
    expect(cycle(scores(-0), corrected).statistics[0]?.count).toBe(3)
    const zero = { ...scores(0.6), scores: { ...scores(0.6).scores, soil: [0, null, null] } }
    expect(weightRecords(cycle(zero, corrected), minersOf(zero)).at(0)).toMatchObject({
      taskCount: 1,
      bonus: 0.85,
    })
  })

  it('counts negative scores in the plan era, and never pays for them', () => {
    expect(cycle(weather([-1, -0.5]), planEra)).toMatchObject({ branch: 'none' })
  })

  it('refuses missing and short columns, duplicate uids and hotkeys, and parameters that do not fit', () => {
    const { uids } = scores(1)
    expect(() => cycle({ uids, scores: { weather: [1, 1, 1] } }, corrected)).toThrow(
      /^scores of geomagnetic: are missing/,
    )
    expect(() => cycle({ uids, scores: { weather: [1] } }, corrected)).toThrow(
      /^scores of weather: 1 is not the number/,
    )
    expect(() => minersOf({ uids: [1, 1] })).toThrow(/^uid of miner1: 1 belongs to miner1 already/)
    expect(() => minersOf({ uids: [1.5] })).toThrow(/1.5 is not a uid/)
    expect(pathwaysParametersSchema.safeParse({ sigmoid: { minSteepness: 40 } }).success).toBe(false)
    expect(pathwaysParametersSchema.safeParse({ unknown: 1 }).success).toBe(false)
    expect(() => parametersOf('none-such')).toThrow(/use one of corrected, plan-era/)
    expect(
      pathwaysParametersSchema.safeParse({
        tasks: [
          { name: 'a', weight: 1 },
          { name: 'a', weight: 1 },
        ],
      }).success,
    ).toBe(false)
  })
})
