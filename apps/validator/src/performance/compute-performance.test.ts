import {
  minerPerformanceSchema,
  type AttemptSums,
  type ChainNeuron,
  type MinerWeightTrace,
} from '@subnetkit/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { summariesOf, type SummarisedScore } from '../../test/fixtures/score-summaries.ts'
import { computePerformance } from './compute-performance.ts'
import type { PerformanceInput } from './performance-input.ts'
import { periodOf } from './period-of.ts'

const period = periodOf('daily', new Date('2025-07-23T12:00:00Z'))
const hotkeys = ['alice', 'bob', 'carol', 'dave']
const hotkeyOf = (uid: number): string => hotkeys[uid] ?? `miner${uid}`

/** An instant of July 2025: day of the month, hour. */
function at(day: number, hour = 0): Date {
  return new Date(Date.UTC(2025, 6, day, hour))
}

function score(uid: number, value: number | null, fields: Partial<SummarisedScore> = {}): SummarisedScore {
  return {
    uid,
    hotkey: hotkeyOf(uid),
    taskName: 'weather',
    taskId: '1',
    score: value,
    scoredAt: at(23, 10),
    ...fields,
  }
}

function sums(uid: number, fields: Partial<AttemptSums> = {}): AttemptSums {
  const { attempted = 4, completed = 3 } = fields
  return {
    minerUid: uid,
    minerHotkey: hotkeyOf(uid),
    attempted,
    completed,
    hoursAsked: 2,
    hoursAnswered: 1,
    consecutiveFailures: 1,
    lastAnsweredAt: at(23, 5),
    tasks: [{ taskName: 'weather', attempted, completed }],
    ...fields,
  }
}

function trace(uid: number, fields: Partial<MinerWeightTrace> = {}): MinerWeightTrace {
  return {
    netuid: 57,
    validatorHotkey: 'validator',
    cycleId: '0'.repeat(32),
    hotkey: hotkeyOf(uid),
    uid,
    coldkey: null,
    tasks: [],
    pathway: 'diversity',
    bonus: 1.15,
    excellence: 0.574,
    excellenceTask: 'weather',
    diversity: 1.07036078,
    raw: 1.07036078,
    clusterSize: 1,
    clusterFactor: 1,
    normalised: 1,
    midpoint: 0.68349283,
    deviation: 0.367241,
    branch: 'curve',
    curved: 0.98999999,
    weight: 0.97726479,
    heldBack: null,
    submittedWeight: 0.97726479,
    submittedValue: 65_535,
    createdAt: at(23, 11),
    ...fields,
  }
}

function neuron(uid: number, incentive: number): ChainNeuron {
  return {
    netuid: 57,
    epochBlock: 5_000_360,
    uid,
    hotkey: hotkeyOf(uid),
    coldkey: 'cold',
    stake: 0n,
    incentive,
    dividends: 0,
    consensus: 0,
    validatorTrust: 0,
    emission: 0n,
    hasPermit: false,
    isActive: true,
    lastUpdate: 0,
    registeredAt: 0,
    observedAt: at(23, 12),
  }
}

/** Input whose scores are listed one by one. */
type Told = Partial<Omit<PerformanceInput, 'scores' | 'trends'>> & {
  readonly scores?: readonly SummarisedScore[]
}

function compute({ scores = [], ...fields }: Told) {
  const input = { period, calculatedAt: at(23, 13), ...fields }
  const { start, end } = input.period
  const now = Math.min(end.getTime(), input.calculatedAt.getTime() + 1)
  return computePerformance({
    netuid: 57,
    validatorHotkey: 'validator',
    miners: [0, 1, 2, 3].map((uid) => ({ minerUid: uid, minerHotkey: hotkeyOf(uid) })),
    attempts: [],
    scores: summariesOf(scores, { from: start, to: end }),
    trends: summariesOf(scores, { from: new Date(now - 14 * 86_400_000), to: new Date(now) }),
    traces: [],
    neurons: [],
    weightSubmissionBlock: null,
    ...input,
  })
}

describe('computePerformance', () => {
  it('has a row for every miner, with nothing in it when nothing is known', () => {
    const rows = compute({})
    expect(rows.map(({ minerUid }) => minerUid)).toEqual([0, 1, 2, 3])
    for (const row of rows) {
      expect(minerPerformanceSchema.parse(row)).toEqual(row)
      expect(row).toMatchObject({
        totalTasksAttempted: 0,
        overallSuccessRate: null,
        overallAvgScore: null,
        overallRank: null,
        performanceTrend: 'insufficient_data',
        lastActiveTime: null,
        uptimePercentage: null,
        scoringPathway: null,
        incentive: null,
        tasks: [],
      })
    }
  })

  it('§3.3 averages tasks by how often they were scored, and counts 0 as a score and null as none', () => {
    const [alice] = compute({
      scores: [
        score(0, 0.9),
        score(0, 0, { taskId: '2' }),
        score(0, null, { taskId: '3' }),
        score(0, 0.3, { taskName: 'soil', taskId: '1' }),
      ],
    })
    expect(alice).toMatchObject({ totalTasksScored: 3, scoreMin: 0, scoreMax: 0.9, scoreMedian: 0.3 })
    expect(alice?.overallAvgScore).toBeCloseTo(0.4, 12)
    expect(
      alice?.tasks.map(({ taskName, avgScore, tasksScored }) => [taskName, avgScore, tasksScored]),
    ).toEqual([
      ['soil', 0.3, 1],
      ['weather', 0.45, 2],
    ])
  })

  it('§6.20 ranks by competition, overall and by task, only who has a score', () => {
    const rows = compute({
      scores: [score(0, 0.5), score(1, 0.9), score(2, 0.9), score(0, 1, { taskName: 'soil' })],
    })
    // Alice's mean over both tasks is 0.75.
    expect(rows.map(({ overallRank }) => overallRank)).toEqual([3, 1, 1, null])
    expect(rows.map(({ tasks }) => tasks.map(({ taskName, rank }) => [taskName, rank]))).toEqual([
      [
        ['soil', 1],
        ['weather', 3],
      ],
      [['weather', 1]],
      [['weather', 1]],
      [],
    ])
  })

  it('§6.16 §6.21 keeps miners apart: by hotkey at a uid, not by either alone', () => {
    const rows = compute({
      miners: [
        { minerUid: 0, minerHotkey: 'alice' },
        { minerUid: 0, minerHotkey: 'newcomer' },
        { minerUid: 1, minerHotkey: 'alice' },
      ],
      scores: [
        score(0, 0.1),
        score(0, 0.2, { hotkey: 'newcomer' }),
        score(1, 0.3, { hotkey: 'alice' }),
        score(1, 0.9),
      ],
    })
    expect(rows.map((row) => [row.minerUid, row.minerHotkey, row.overallAvgScore])).toEqual([
      [0, 'alice', 0.1],
      [0, 'newcomer', 0.2],
      [1, 'alice', 0.3],
    ])
  })

  it('takes the trend from fourteen days, also of a period that is shorter or not over', () => {
    const scores = [9, 10, 16, 23].map((day) => score(0, day / 50, { scoredAt: at(day, 13) }))
    const [row] = compute({ scores })
    expect(row).toMatchObject({ totalTasksScored: 1, performanceTrend: 'improving' })
    expect(row?.trendSlope).toBeCloseTo(0.02, 12)
    const falling = [score(0, 0.9, { scoredAt: at(8, 12) }), ...scores]
    expect(compute({ scores: falling })[0]?.trendSlope).toBeCloseTo(0.02, 12)
    const [ever] = compute({ scores: falling, period: periodOf('all_time', at(23)) })
    expect(ever).toMatchObject({ totalTasksScored: 5, scoreMax: 0.9 })
    expect(ever?.trendSlope).toBeCloseTo(0.02, 12)
  })

  it('§3.3 tells success, uptime, the row of failures and the last answer from attempts', () => {
    const soil = { taskName: 'soil', attempted: 1, completed: 1 }
    const weather = { taskName: 'weather', attempted: 3, completed: 2 }
    const [row] = compute({ attempts: [sums(0, { tasks: [soil, weather] })] })
    expect(row).toMatchObject({
      totalTasksAttempted: 4,
      totalTasksCompleted: 3,
      overallSuccessRate: 0.75,
      uptimePercentage: 50,
      consecutiveFailures: 1,
      lastActiveTime: at(23, 5),
      tasks: [
        { taskName: 'soil', tasksAttempted: 1, successRate: 1 },
        { taskName: 'weather', tasksAttempted: 3, tasksCompleted: 2, successRate: 2 / 3 },
      ],
    })
  })

  it('knows when a miner was last active: its last answer, or its last score where attempts are not on record', () => {
    const [faulty, imported] = compute({
      attempts: [sums(0, { completed: 0, lastAnsweredAt: null, tasks: [] })],
      scores: [score(0, 0, { scoredAt: at(23, 9) }), score(1, 0.5, { scoredAt: at(23, 8) })],
    })
    expect(faulty).toMatchObject({ lastActiveTime: null, overallSuccessRate: 0 })
    expect(imported).toMatchObject({
      lastActiveTime: at(23, 8),
      overallSuccessRate: null,
      uptimePercentage: null,
    })
  })

  it('gives best and latest, and no deviation of equal scores', () => {
    const [row] = compute({
      scores: [
        score(0, 0.8, { scoredAt: at(23, 1) }),
        score(0, 0.6, { scoredAt: at(23, 9), taskId: 'b' }),
        score(0, 0.7, { scoredAt: at(23, 9), taskId: 'a' }),
      ],
    })
    expect(row?.tasks[0]).toMatchObject({ bestScore: 0.8, latestScore: 0.6 })
    const equal = [0.1, 0.1, 0.1].map((value, task) => score(0, value, { taskId: `${task}` }))
    expect(compute({ scores: equal })[0]).toMatchObject({
      scoreDeviation: 0,
      performanceTrend: 'insufficient_data',
    })
  })

  it('§3.2 §6.14 carries the pathway of the cycle: example A, uid 10', () => {
    const task = {
      task: 'weather',
      score: 0.82,
      percentile: 100,
      isQualified: true,
      contribution: 0.68596578,
      effectiveContribution: 0.788860647,
      count: 5,
      excellenceCut: 0.796,
      mean: null,
      deviation: null,
      steepness: null,
    }
    const rows = compute({ traces: [trace(0, { tasks: [task] })], weightSubmissionBlock: 5_000_001 })
    expect(rows[0]).toMatchObject({
      submittedWeight: 0.97726479,
      submittedValue: 65_535,
      rawCalculatedWeight: 1.07036078,
      excellenceWeight: 0.574,
      diversityWeight: 1.07036078,
      scoringPathway: 'diversity',
      multiTaskBonus: 1.15,
      weightSubmissionBlock: 5_000_001,
    })
    expect(rows[0]?.tasks[0]).toMatchObject({
      taskName: 'weather',
      tasksScored: 0,
      weightScore: 0.82,
      percentileRank: 100,
      weightContribution: 0.68596578,
      isQualified: true,
    })
    // §6.24: who has no trace in this cycle has no pathway, whatever it had before.
    expect(rows[1]).toMatchObject({
      scoringPathway: null,
      submittedWeight: null,
      weightSubmissionBlock: null,
    })
  })

  it('takes no trace of a hotkey that stood at another uid', () => {
    const [row] = compute({ traces: [trace(0, { uid: 9 })] })
    expect(row).toMatchObject({ cycleId: null, rawCalculatedWeight: null })
    expect(compute({ traces: [trace(0, { uid: null })] })[0]?.rawCalculatedWeight).toBe(1.07036078)
  })

  it('§6.19 §8.3 has incentive as u16 and as a share, ranked by competition above zero', () => {
    const neurons = [neuron(0, 44_406), neuron(1, 8_038), neuron(2, 8_038), neuron(3, 0)]
    const rows = compute({ neurons: [...neurons, { ...neuron(9, 65), hotkey: 'other' }] })
    expect(rows.map((row) => [row.incentiveValue, row.consensusRank, row.consensusBlock])).toEqual([
      [44_406, 1, 5_000_360],
      [8_038, 2, 5_000_360],
      [8_038, 2, 5_000_360],
      [0, null, 5_000_360],
    ])
    expect(rows[0]?.incentive).toBeCloseTo(0.677592, 6)
    const [gone] = compute({ neurons: [{ ...neuron(0, 44_406), hotkey: 'newcomer' }] })
    expect(gone).toMatchObject({ incentiveValue: null, incentive: null, consensusBlock: null })
  })

  it.each<readonly [string, RegExp, Told]>([
    [
      'a miner twice',
      /miners: "0 alice" is listed twice/,
      { miners: [1, 2].map(() => ({ minerUid: 0, minerHotkey: 'alice' })) },
    ],
    ['a trace twice', /traces: "alice" is listed twice/, { traces: [trace(0), trace(0)] }],
    [
      'traces of two cycles',
      /another subnet, validator or cycle/,
      { traces: [trace(0), trace(1, { cycleId: '1'.repeat(32) })] },
    ],
    ['a trace of another validator', /validator or cycle/, { traces: [trace(0, { validatorHotkey: 'v2' })] }],
    [
      'neurons of two epochs',
      /uid 1.*another subnet or epoch/,
      { neurons: [neuron(0, 1), { ...neuron(1, 1), epochBlock: 1 }] },
    ],
    ['a uid twice', /neurons: "0" is listed twice/, { neurons: [neuron(0, 1), neuron(0, 1)] }],
  ])('refuses %s, naming it', (_name, message, fields) => {
    expect(() => compute(fields)).toThrow(message)
    expect(() => compute(fields)).toThrow(expect.objectContaining({ name: 'InputError' }))
  })

  it('does not depend on the order of anything, bit by bit', () => {
    const uid = fc.integer({ min: 0, max: 3 })
    const event = fc.record({
      uid,
      value: fc.option(fc.double({ min: -1, max: 1, noNaN: true })),
      scoredAt: fc
        .integer({ min: 0, max: 15 * 48 })
        .map((half) => new Date(at(9).getTime() + half * 1_800_000)),
      taskName: fc.constantFrom('weather', 'soil'),
      taskId: fc.constantFrom('a', 'b', 'c'),
    })
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 60 }),
        fc.uniqueArray(uid),
        fc.constantFrom('daily' as const, 'weekly' as const, 'all_time' as const),
        (events, asked, type) => {
          const scores = events.map(({ uid: miner, value, ...rest }) => score(miner, value, rest))
          const of = periodOf(type, at(23))
          const window = { from: of.start, to: of.end }
          const given: PerformanceInput = {
            netuid: 57,
            validatorHotkey: 'validator',
            miners: [0, 1, 2, 3].map((miner) => ({ minerUid: miner, minerHotkey: hotkeyOf(miner) })),
            period: of,
            scores: summariesOf(scores, window),
            trends: summariesOf(scores, { from: at(9, 13), to: at(23, 13) }),
            attempts: asked.map((miner) => sums(miner)),
            traces: [0, 1, 2].map((miner) => trace(miner)),
            neurons: [0, 1, 2, 3].map((miner) => neuron(miner, miner * 100)),
            weightSubmissionBlock: null,
            calculatedAt: at(23, 13),
          }
          const rows = computePerformance(given)
          for (const row of rows) expect(minerPerformanceSchema.parse(row)).toEqual(row)
          const { miners, scores: summaries, trends, attempts, traces, neurons } = given
          const reversed = {
            miners: miners.toReversed(),
            scores: summaries.toReversed(),
            trends: trends.toReversed(),
            attempts: attempts.toReversed(),
            traces: traces.toReversed(),
            neurons: neurons.toReversed(),
          }
          expect(computePerformance({ ...given, ...reversed })).toEqual(rows)
        },
      ),
      { numRuns: 60 },
    )
  })
})
