import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { MinerPerformance, TaskPerformance } from '../models/miner-performance.ts'
import { ALL_TIME_END, ALL_TIME_START, type PerformancePeriod } from '../models/performance-period.ts'
import type {
  MinerPerformanceRepository,
  PerformanceScope,
} from '../repositories/miner-performance-repository.ts'
import { attemptDaysSuite } from './attempt-days-suite.ts'
import type { RepositoryContractOptions } from './keyed-rows-repository-contract.ts'
import { buildMinerPerformance, buildTaskPerformance } from './miner-performance-builders.ts'
import { nastyFloats } from './nasty-values.ts'

const DAY_MS = 86_400_000

/** A day that no engine's retention has reached. */
function day(number: number): PerformancePeriod {
  const start = Date.UTC(2090, 6, 23 + number)
  return { type: 'daily', start: new Date(start), end: new Date(start + DAY_MS) }
}

/** The fields of a row that say its period. */
function inPeriod({ type, start, end }: PerformancePeriod) {
  return { periodType: type, periodStart: start, periodEnd: end } as const
}

const empty: Partial<TaskPerformance> = {
  successRate: null,
  avgScore: null,
  rank: null,
  bestScore: null,
  latestScore: null,
  scoreMin: null,
  scoreMax: null,
  scoreDeviation: null,
  scoreMedian: null,
  scoreP25: null,
  scoreP75: null,
  performanceTrend: 'insufficient_data',
  trendSlope: null,
  trendConfidence: 0,
  weightScore: null,
  percentileRank: null,
  weightContribution: null,
  effectiveContribution: null,
  isQualified: false,
}

const unknown: Partial<MinerPerformance> = {
  overallSuccessRate: null,
  overallAvgScore: null,
  overallRank: null,
  lastActiveTime: null,
  uptimePercentage: null,
  cycleId: null,
  submittedWeight: null,
  submittedValue: null,
  rawCalculatedWeight: null,
  excellenceWeight: null,
  diversityWeight: null,
  scoringPathway: null,
  multiTaskBonus: null,
  incentiveValue: null,
  incentive: null,
  consensusRank: null,
  weightSubmissionBlock: null,
  consensusBlock: null,
  tasks: [],
}

/** Everything that an implementation of {@link MinerPerformanceRepository} must hold, on a real engine. */
export function minerPerformanceRepositoryContract(
  options: RepositoryContractOptions<MinerPerformanceRepository>,
): void {
  describe('miner performance repository contract', () => {
    let repository: MinerPerformanceRepository
    let validators = 0
    /** A validator that no other test writes. */
    const newScope = (): Pick<MinerPerformance, 'netuid' | 'validatorHotkey'> => ({
      netuid: 57,
      validatorHotkey: `validator${(validators += 1)}`,
    })
    const put = async (...performances: readonly MinerPerformance[]) => repository.put({ performances })
    const list = async (scope: PerformanceScope) => (await repository.list({ ...scope, limit: 1_000 })).items
    const find = async (one: MinerPerformance) =>
      repository.find({
        ...one,
        period: { type: one.periodType, start: one.periodStart, end: one.periodEnd },
      })

    beforeAll(async () => {
      repository = await options.setup()
    })
    afterAll(async () => {
      await options.teardown?.()
    })

    attemptDaysSuite(() => repository, newScope)

    it('has nothing before the first row', async () => {
      const scope = { ...newScope(), period: day(0) }
      expect(await put()).toEqual({ rows: 0 })
      expect(await list(scope)).toEqual([])
      expect(await repository.listMiners(scope)).toEqual([])
      expect(await repository.find({ ...scope, minerUid: 1, minerHotkey: 'a' })).toBeNull()
    })

    it('gives everything back exactly: all set, all unknown, nasty numbers', async () => {
      const scope = newScope()
      const nasty = nastyFloats.map((avgScore, at) =>
        buildTaskPerformance({
          ...empty,
          taskName: `"task'${at}`,
          avgScore,
          // JSON knows no -0.
          metrics: { surface_rmse: avgScore + 0, m: 1e-7 },
        }),
      )
      const rows = [
        buildMinerPerformance(scope),
        buildMinerPerformance({ ...scope, ...unknown, minerUid: 65_535 }),
        buildMinerPerformance({ ...scope, minerUid: 0, tasks: nasty, scoringPathway: 'none' }),
        buildMinerPerformance({ ...scope, minerUid: 1, tasks: [buildTaskPerformance(empty)] }),
      ]
      expect(await put(...rows)).toEqual({ rows: 4 })
      for (const row of rows) expect(await find(row)).toEqual(row)
    })

    it('lists a period by rank, those without one last, then by uid and hotkey, in pages of any size', async () => {
      const scope = newScope()
      const ranked = [1, 1, 3, null, null].map((overallRank, at) =>
        buildMinerPerformance({ ...scope, overallRank, minerUid: 10 + at, minerHotkey: `miner${9 - at}` }),
      )
      const sameUid = {
        ...buildMinerPerformance({ ...scope, overallRank: 1, minerUid: 11 }),
        minerHotkey: 'z',
      }
      await put(...ranked.toReversed(), sameUid)
      const inOrder = [ranked[0], ranked[1], sameUid, ...ranked.slice(2)]
      const period = day(0)
      expect(await list({ ...scope, period })).toEqual(inOrder)
      const found: MinerPerformance[] = []
      let cursor: string | null = null
      do {
        const page: Awaited<ReturnType<typeof repository.list>> = await repository.list({
          ...scope,
          period,
          limit: 2,
          cursor,
        })
        found.push(...page.items)
        cursor = page.nextCursor
      } while (cursor !== null)
      expect(found).toEqual(inOrder)
      expect(await repository.listMiners({ ...scope, period })).toEqual(
        [ranked[0], ranked[1], sameUid, ...ranked.slice(2)].map((row) => ({
          minerUid: row?.minerUid,
          minerHotkey: row?.minerHotkey,
        })),
      )
    })

    it('keeps validators, subnets, types, periods that touch, uids and hotkeys apart', async () => {
      const scope = newScope()
      const first = buildMinerPerformance({ ...scope, overallAvgScore: 0.1 })
      const week = { type: 'weekly', start: day(0).start, end: day(7).start } as const
      const rows: readonly MinerPerformance[] = [
        first,
        { ...first, overallAvgScore: 0.2, validatorHotkey: newScope().validatorHotkey },
        { ...first, overallAvgScore: 0.3, netuid: 58 },
        { ...first, overallAvgScore: 0.4, ...inPeriod(day(1)) },
        { ...first, overallAvgScore: 0.5, ...inPeriod(week) },
        { ...first, overallAvgScore: 0.6, ...inPeriod({ ...day(0), type: 'weekly' }) },
        { ...first, overallAvgScore: 0.7, minerUid: 8 },
        { ...first, overallAvgScore: 0.8, minerHotkey: 'another' },
        {
          ...first,
          overallAvgScore: 0.9,
          ...inPeriod({ type: 'all_time', start: ALL_TIME_START, end: ALL_TIME_END }),
        },
      ].map((row, at) => ({ ...row, tasks: [buildTaskPerformance({ bestScore: at })] }))
      await put(...rows)
      for (const row of rows) expect(await find(row)).toEqual(row)
      expect((await list({ ...scope, period: day(0) })).map((row) => row.overallAvgScore)).toEqual([
        0.1, 0.8, 0.7,
      ])
      expect((await list({ ...scope, period: day(1) })).map((row) => row.overallAvgScore)).toEqual([0.4])
    })

    it('replaces a period that is computed again, with tasks that are gone', async () => {
      const scope = newScope()
      const soil = buildTaskPerformance({ taskName: 'soil' })
      const first = buildMinerPerformance({ ...scope, tasks: [soil, buildTaskPerformance()] })
      const again = { ...first, overallRank: 2, tasks: [buildTaskPerformance({ rank: 5 })] }
      await put(first)
      await put(again)
      expect(await find(first)).toEqual(again)
      await put(again, first)
      expect(await list({ ...scope, period: day(0) })).toEqual([first])
    })

    it('tells a hotkey’s history newest first, at whatever uid', async () => {
      const scope = newScope()
      const minerHotkey = 'traveller'
      const rows = [3, 2, 1].map((number) =>
        buildMinerPerformance({ ...scope, minerHotkey, minerUid: number, ...inPeriod(day(number)) }),
      )
      const twice = buildMinerPerformance({ ...scope, minerHotkey, minerUid: 9, ...inPeriod(day(3)) })
      await put(...rows.toReversed(), twice, buildMinerPerformance({ ...scope, ...inPeriod(day(2)) }))
      const history = { ...scope, minerHotkey, periodType: 'daily' } as const
      const inOrder = [rows[0], twice, ...rows.slice(1)]
      expect((await repository.listHistory({ ...history, limit: 10 })).items).toEqual(inOrder)
      const page = await repository.listHistory({ ...history, limit: 3 })
      const rest = await repository.listHistory({ ...history, limit: 3, cursor: page.nextCursor })
      expect([...page.items, ...rest.items]).toEqual(inOrder)
      expect(await repository.listHistory({ ...history, periodType: 'weekly', limit: 1 })).toEqual({
        items: [],
        nextCursor: null,
      })
    })

    it('§10.7 buries one hotkey at one uid from a time on, and keeps its history', async () => {
      const scope = newScope()
      const other = newScope()
      const gone = buildMinerPerformance({ ...scope, minerUid: 7, minerHotkey: 'old', ...inPeriod(day(1)) })
      const ended = { ...gone, ...inPeriod(day(0)) }
      const kept: readonly MinerPerformance[] = [
        ended,
        { ...gone, minerUid: 8 },
        { ...gone, minerHotkey: 'new' },
        { ...gone, validatorHotkey: other.validatorHotkey },
      ]
      await put(gone, ...kept)
      const from = day(1).start
      const burial = { ...scope, minerUid: 7, minerHotkey: 'old', from }
      expect(await repository.bury(burial)).toEqual({ rows: 1 })
      expect(await repository.bury(burial)).toEqual({ rows: 0 })
      const buried = { ...gone, buriedAt: from }
      expect(await find(gone)).toEqual(buried)
      for (const row of kept) expect(await find(row)).toEqual(row)
      const period = day(1)
      expect(await list({ ...scope, period })).toEqual([kept[2], kept[1]])
      expect(await repository.listMiners({ ...scope, period })).toEqual([
        { minerUid: 7, minerHotkey: 'new' },
        { minerUid: 8, minerHotkey: 'old' },
      ])
      const history = { ...scope, minerHotkey: 'old', periodType: 'daily', limit: 9 } as const
      expect((await repository.listHistory(history)).items).toEqual([buried, kept[1], ended])
    })

    it('takes more miners than it stores at a time', async () => {
      const scope = newScope()
      const rows = Array.from({ length: 1_001 }, (_, at) =>
        buildMinerPerformance({ ...scope, minerUid: at, overallRank: at + 1, minerHotkey: `miner${at}` }),
      )
      async function* source(): AsyncGenerator<MinerPerformance> {
        for (const row of rows) yield await Promise.resolve(row)
      }
      expect(await repository.put({ performances: source() })).toEqual({ rows: 1_001 })
      const page = await repository.list({ ...scope, period: day(0), limit: 10_000 })
      expect(page).toEqual({ items: rows, nextCursor: null })
    })

    it.each<readonly [string, Partial<MinerPerformance>]>([
      ['periodType', { ...JSON.parse('{"periodType":"hourly"}') }],
      ['minerUid', { minerUid: 65_536 }],
      ['minerHotkey', { minerHotkey: `'` }],
      ['overallAvgScore', { overallAvgScore: Number.NaN }],
      ['overallSuccessRate', { overallSuccessRate: 1.1 }],
      ['uptimePercentage', { uptimePercentage: 101 }],
      ['incentiveValue', { incentiveValue: 65_536 }],
      ['trendConfidence', { trendConfidence: -0.1 }],
      ['tasks', { tasks: [buildTaskPerformance(), buildTaskPerformance()] }],
      ['tasks[0].percentileRank', { tasks: [buildTaskPerformance({ percentileRank: 101 })] }],
      ['tasks[0].bestScore', { tasks: [buildTaskPerformance({ bestScore: Number.POSITIVE_INFINITY })] }],
    ])('refuses a bad %s, naming row and field, and stores nothing', async (field, spoiled) => {
      const scope = newScope()
      const good = buildMinerPerformance(scope)
      const error: unknown = await put(good, { ...good, minerUid: 8, ...spoiled }).catch(
        (problem: unknown) => problem,
      )
      expect(error).toMatchObject({ code: 'invalid_input', details: { row: 2 } })
      expect(String(error)).toContain(field)
      expect(await find(good)).toBeNull()
    })

    it('refuses questions that make no sense', async () => {
      const scope = { ...newScope(), period: day(0) }
      const refused = { code: 'invalid_input' }
      for (const limit of [0, 1.5, 10_001, Number.NaN])
        await expect(repository.list({ ...scope, limit })).rejects.toMatchObject(refused)
      const backwards = { ...scope, period: { ...day(0), end: day(0).start } }
      await expect(repository.list({ ...backwards, limit: 1 })).rejects.toMatchObject(refused)
      await expect(repository.listMiners({ ...scope, netuid: 0.5 })).rejects.toMatchObject(refused)
      await expect(repository.list({ ...scope, limit: 1, cursor: 'x' })).rejects.toMatchObject(refused)
      const miner = { ...scope, minerUid: 1, minerHotkey: 'a' }
      await expect(repository.find({ ...miner, minerHotkey: 'a b' })).rejects.toMatchObject(refused)
      const from = new Date(Number.NaN)
      await expect(repository.bury({ ...miner, from })).rejects.toMatchObject(refused)
    })

    it('passes the reason of an aborted signal on, unwrapped', async () => {
      const row = buildMinerPerformance(newScope())
      const reason = new Error('enough')
      const signal = AbortSignal.abort(reason)
      await expect(repository.put({ performances: [row] }, { signal })).rejects.toBe(reason)
      await expect(repository.put({ performances: [] }, { signal })).rejects.toBe(reason)
      const scope = { ...row, period: day(0) }
      await expect(repository.list({ ...scope, limit: 1 }, { signal })).rejects.toBe(reason)
      await expect(repository.bury({ ...scope, from: day(0).start }, { signal })).rejects.toBe(reason)
      expect(await find(row)).toBeNull()
    })
  })
}
