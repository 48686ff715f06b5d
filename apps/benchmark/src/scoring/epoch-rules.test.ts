import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { epochRules } from './epoch-rules.ts'
import type { RunResult, ScoreOutcome } from './run-result.ts'
import { epochOf, LIMIT_MS, patterns, run, week } from './test-support/epoch-of.ts'

function componentsOf(change: Partial<RunResult>): Record<string, number> {
  const { components, finalScore } = epochRules.score(epochOf(change))
  return { ...Object.fromEntries(components.map(({ name, score }) => [name, score])), final: finalScore }
}

function scores(change: Partial<ScoreOutcome> = {}): ScoreOutcome {
  return {
    kind: 'scores',
    reported: 1_000,
    expected: 1_000,
    scored: 1_000,
    badData: 0,
    fabricated: 0,
    coverage: 1,
    areaUnderCurve: 1,
    ...change,
  }
}

describe('worked examples', () => {
  it.each([
    ['everything found in the baseline’s time', {}, [1, 1, 1, 1]],
    ['everything found in twice the baseline’s time', { executionMs: LIMIT_MS }, [1, 1, 0.5, 0.9]],
    ['everything found in no time', { executionMs: 0 }, [1, 1, 0, 0.8]],
    ['everything found in half the time, which is capped', { executionMs: LIMIT_MS / 4 }, [1, 1, 1, 1]],
    [
      'a fifth missed, nothing false',
      { outcome: patterns({ found: 48, reported: 48 }) },
      [0.8, 0.8, 0.8, 0.8],
    ],
    [
      'a fifth missed, in twice the time',
      { outcome: patterns({ found: 48, reported: 48 }), executionMs: LIMIT_MS },
      [0.8, 0.8, 0.4, 0.72],
    ],
    [
      'a fifth missed, a fifth of the reports false',
      { outcome: patterns({ found: 48, reported: 60 }) },
      [0.64, 0.64, 0.64, 0.64],
    ],
    [
      'a fifth missed, a fifth of the reports nothing of the snapshot',
      { outcome: patterns({ found: 48, reported: 60, badData: 12 }) },
      [0.64, 0.512, 0.64, 0.6016],
    ],
    ['scores with an area of 0.9', { outcome: scores({ areaUnderCurve: 0.9 }) }, [0.8, 0.8, 0.8, 0.8]],
    ['scores that know nothing', { outcome: scores({ areaUnderCurve: 0.5 }) }, [0, 0, 0, 0]],
    ['scores that are worse than chance', { outcome: scores({ areaUnderCurve: 0.2 }) }, [0, 0, 0, 0]],
    ['scores of too few accounts', { outcome: scores({ coverage: 0.899_999_999 }) }, [0, 0, 0, 0]],
    [
      'scores of which a tenth contradicts itself',
      { outcome: scores({ coverage: 0.9, scored: 900, badData: 100, areaUnderCurve: 1 }) },
      [1, 0.9, 1, 0.97],
    ],
  ] as const)('%s', (_, change, [accuracy, correctness, performance, final]) => {
    expect(componentsOf(change)).toEqual({ accuracy, correctness, performance, final })
  })

  it('weigh 0.50, 0.30 and 0.20', () => {
    const { components } = epochRules.score(epochOf())
    expect(components.map(({ name, weight }) => [name, weight])).toEqual([
      ['accuracy', 50],
      ['correctness', 30],
      ['performance', 20],
    ])
  })

  it('compare with the mean of networks, and with the time limit where the baseline has no run', () => {
    const input = epochOf()
    const uneven = [
      { network: 'torus', executionMs: 1_000_000 },
      { network: 'torus', executionMs: 2_000_000 },
      { network: 'bittensor', executionMs: 300_000 },
      { network: 'bitcoin', executionMs: 1 },
    ]
    expect(epochRules.score({ ...input, baselineTimes: uneven }).baselineComparisonRatio).toBe(0.5)
    expect(epochRules.score({ ...input, baselineTimes: [] }).baselineComparisonRatio).toBe(2)
  })
})

describe('a run that does not count', () => {
  it.each([
    ['failed', { status: 'failed' }, /^failed/],
    ['timeout', { status: 'timeout' }, /^timeout/],
    ['pending', { status: 'pending' }, /^pending/],
    ['late', { executionMs: LIMIT_MS + 1 }, /^late: it took 3600.001 s of 3600 s/],
    ['not validated', { outcome: null }, /^not validated/],
  ] as const)('for being %s is zero at the time limit', (_, change, reason) => {
    const input = epochOf()
    const runs = input.runs.map((one, nth) => (nth < 14 ? one : { ...one, ...change }))
    const score = epochRules.score({ ...input, runs })
    expect(score.components.map((component) => component.score)).toEqual([0.5, 0.5, 0.333_333_334])
    expect(score).toMatchObject({
      finalScore: 0.466_666_667,
      averageExecutionTimeSeconds: 2_700,
      runsCompleted: 14,
      daysCompleted: 4,
    })
    expect(score.runs.filter((one) => one.score === 0 && reason.test(one.reason))).toHaveLength(14)
    expect(score.isDataCorrectOnAllDays).toBe(!('outcome' in change))
    expect(score.isWithinTimeLimit).toBe('outcome' in change)
  })

  it('for being missing is the same', () => {
    const input = epochOf()
    const score = epochRules.score({ ...input, runs: input.runs.slice(0, 14) })
    expect(score).toMatchObject({ finalScore: 0.466_666_667, isDataCorrectOnAllDays: false })
    expect(score.runs[27]?.reason).toBe('missing: there is no such run')
  })
})

it('one made-up address anywhere makes the epoch worth nothing, and says where', () => {
  const input = epochOf()
  const runs = input.runs.map((one, nth) =>
    nth === 9 ? { ...one, outcome: patterns({ reported: 61, fabricated: 1 }) } : one,
  )
  const score = epochRules.score({ ...input, runs })
  expect(score).toMatchObject({ finalScore: 0, baselineComparisonRatio: 0, isDataCorrectOnAllDays: false })
  expect(score.disqualification).toContain('does not have')
  expect(
    score.runs.filter(({ reason }) => reason.startsWith('made up')).map(({ testDate }) => testDate),
  ).toEqual(['2025-08-03'])
})

describe('input that cannot be', () => {
  const input = epochOf()
  const [first, ...rest] = input.runs
  it.each([
    ['nothing expected', { ...input, expected: [] }, /^epoch: expected/],
    [
      'a run twice',
      { ...input, runs: [...input.runs, ...input.runs.slice(3, 4)] },
      /2025-08-01 bittensor 90d" is there/,
    ],
    [
      'a run nobody expected',
      { ...input, expected: week.slice(1) },
      /2025-08-01 torus 30d" was not expected/,
    ],
    [
      'a time below zero',
      { ...input, runs: [{ ...first, executionMs: -1 }, ...rest] },
      /runs\[0\]\.executionMs: -1/,
    ],
    ['half a millisecond', { ...input, runs: [{ ...first, executionMs: 0.5 }, ...rest] }, /executionMs: 0.5/],
    ['no time at all', { ...input, timeLimitMs: 0 }, /timeLimitMs: 0/],
    [
      'more found than planted',
      epochOf({ outcome: patterns({ found: 61, reported: 70 }) }),
      /more than is planted/,
    ],
    [
      'more found than reported',
      epochOf({ outcome: patterns({ reported: 59 }) }),
      /more rows than were reported/,
    ],
    ['a share that is none', epochOf({ outcome: scores({ coverage: Number.NaN }) }), /coverage/],
  ])('is refused: %s', (_, bad, message) => {
    expect(() => Reflect.apply(epochRules.score, null, [bad])).toThrow(message)
  })
})

describe('whatever the runs', () => {
  const outcome = fc
    .record({
      expected: fc.integer({ min: 1, max: 80 }),
      found: fc.nat(80),
      extra: fc.nat(200),
      badData: fc.nat(50),
    })
    .map(({ expected, found, extra, badData }) => {
      const right = Math.min(found, expected)
      return patterns({ expected, found: right, badData, reported: right + badData + extra })
    })
  const status = fc.constantFrom('completed', 'completed', 'completed', 'failed', 'timeout')
  const runs = fc.tuple(
    ...week.map((key) =>
      fc
        .record({ status, executionMs: fc.nat(LIMIT_MS), outcome })
        .map((change): RunResult => run(key, { ...change, status: change.status })),
    ),
  )
  const input = runs.map((drawn) => ({ ...epochOf(), runs: drawn }))

  it('the order of runs and of the baseline’s times changes nothing, and the parts add up', () => {
    fc.assert(
      fc.property(input, (drawn) => {
        const score = epochRules.score(drawn)
        const turned = {
          ...drawn,
          expected: week.toReversed(),
          runs: drawn.runs.toReversed(),
          baselineTimes: drawn.baselineTimes.toReversed(),
        }
        expect(epochRules.score(turned)).toEqual(score)
        const sum = score.components.reduce((total, part) => total + part.weight * part.score, 0)
        expect(Math.abs(sum / 100 - score.finalScore)).toBeLessThan(1e-9)
        const mean = score.runs.reduce((total, one) => total + one.score, 0) / 28
        expect(Math.abs(mean - score.finalScore)).toBeLessThan(3e-9)
        expect(score.finalScore).toBeGreaterThanOrEqual(0)
        expect(score.finalScore).toBeLessThanOrEqual(1)
      }),
      { numRuns: 40 },
    )
  })

  it('a false report, a bad row, a failure or delay in one run never raises the score', () => {
    const worse = fc.constantFrom<(one: RunResult) => RunResult>(
      (one) => ({ ...one, outcome: add(one, { reported: 1 }) }),
      (one) => ({ ...one, outcome: add(one, { reported: 1, badData: 1 }) }),
      (one) => ({ ...one, outcome: add(one, { reported: 1, fabricated: 1 }) }),
      (one) => ({ ...one, status: 'failed', executionMs: 0 }),
      (one) => ({ ...one, executionMs: Math.max(one.executionMs, 1) * 2 }),
    )
    fc.assert(
      fc.property(input, fc.nat(27), worse, (drawn, nth, worsen) => {
        const changed = drawn.runs.map((one, at) => (at === nth ? worsen(one) : one))
        fc.pre(drawn.runs.every(({ executionMs }) => executionMs > 0))
        const before = epochRules.score(drawn).finalScore
        expect(epochRules.score({ ...drawn, runs: changed }).finalScore).toBeLessThanOrEqual(before)
      }),
      { numRuns: 60 },
    )
  })
})

function add(
  { outcome }: RunResult,
  more: { readonly reported: number; readonly badData?: number; readonly fabricated?: number },
): RunResult['outcome'] {
  if (outcome?.kind !== 'patterns') return outcome
  return {
    ...outcome,
    reported: outcome.reported + more.reported,
    badData: outcome.badData + (more.badData ?? 0),
    fabricated: outcome.fabricated + (more.fabricated ?? 0),
  }
}
