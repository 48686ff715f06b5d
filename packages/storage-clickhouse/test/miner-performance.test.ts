import { wideRow, type MinerPerformance } from '@subnetkit/core'
import { buildMinerPerformance, buildTaskPerformance } from '@subnetkit/core/contracts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'

import { column, readAll, readRetention, rowReader, setRetention, type RowCodec } from '../src/index.ts'
import { overallPerformanceRow, taskPerformanceRow } from '../src/repositories/miner-performance-rows.ts'
import { readText } from './connected.ts'
import { describeOnEachEngine } from './engine.ts'
import { openValidatorStore, type ValidatorStore } from './validator-store.ts'

/** The largest page, in the soak. */
const MANY = process.env['SUBNETKIT_SOAK'] === '1' ? 10_000 : 300

const json = z.record(z.string(), z.unknown())
const jsonColumns = new Set(['detailed_metrics', 'score_distribution', 'pathway_details'])

/** A row of the view as a wide row: JSON columns read, instants as dates, and without the time of storing. */
function asWideRow(line: string): Record<string, unknown> {
  const { updated_at: _updatedAt, ...row } = json.parse(JSON.parse(line))
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (typeof value !== 'string') return [name, value]
      if (jsonColumns.has(name)) return [name, JSON.parse(value)]
      if (/^\d{4}-\d\d-\d\dT/.test(value)) return [name, new Date(value)]
      return [name, /^\d+$/.test(value) ? Number(value) : value]
    }),
  )
}

const soil = buildTaskPerformance({
  taskName: 'soil',
  avgScore: 0.1,
  rank: 4,
  metrics: { surface_rmse: 0.05, rootzone_rmse: 1e-7, other: 3 },
  percentileRank: null,
  isQualified: false,
  scoreP25: null,
})
const unknown = buildTaskPerformance({ taskName: `"other'\\`, weightScore: null, weightContribution: null })
const geomagnetic = buildTaskPerformance({ taskName: 'geomagnetic', metrics: { error: 0.3 }, rank: null })

describeOnEachEngine('statistics of miners', (engine) => {
  let store: ValidatorStore
  beforeAll(async () => {
    store = await openValidatorStore(engine)
  })
  afterAll(async () => {
    await store.close()
  })
  const put = async (...performances: readonly MinerPerformance[]) =>
    store.repositories.minerPerformances.put({ performances })
  const wide = async (validatorHotkey: string, settings = '') => {
    const text = await readText(
      store.connection,
      `SELECT * FROM miner_performance_wide WHERE validator_hotkey = '${validatorHotkey}' ORDER BY miner_uid ${settings} FORMAT JSONEachRow`,
    )
    return text.trim().split('\n').map(asWideRow)
  }
  const merge = async (codec: Pick<RowCodec<never>, 'table'>) =>
    store.connection.command({ sql: `OPTIMIZE TABLE ${codec.table} FINAL` })

  it('§3.1 §3.2 have a wide view that is the same as wideRow, column by column', async () => {
    const scope = { validatorHotkey: 'wide' }
    const rows = [
      buildMinerPerformance({
        ...scope,
        minerUid: 1,
        tasks: [unknown, geomagnetic, soil, buildTaskPerformance()],
      }),
      buildMinerPerformance({ ...scope, minerUid: 2, scoringPathway: null, tasks: [soil] }),
      buildMinerPerformance({ ...scope, minerUid: 3, scoringPathway: 'none', tasks: [], overallRank: null }),
    ]
    await put(...rows)
    const expected = rows.map((row) => wideRow(row))
    const found = await wide('wide')
    expect(found).toEqual(expected)
    // As a person's own client asks, without our settings.
    expect(await wide('wide', 'SETTINGS join_use_nulls = 0')).toEqual(expected)
    expect(Object.keys(found[0] ?? {})).toEqual(Object.keys(expected[0] ?? {}))
    expect(found[0]).toMatchObject({ soil_moisture_surface_rmse_avg: 0.05, percentile_rank_weather: 100 })
  })

  it('leave tasks that a newer computation does not name out of the view too', async () => {
    const row = buildMinerPerformance({ validatorHotkey: 'narrow', tasks: [soil, buildTaskPerformance()] })
    await put(row)
    await put({ ...row, tasks: [buildTaskPerformance()] })
    expect(await wide('narrow')).toEqual([wideRow({ ...row, tasks: [buildTaskPerformance()] })])
  })

  it('§10.10 §6.21 of two validators survive a merge, and so do two hotkeys at one uid', async () => {
    const base = buildMinerPerformance({ validatorHotkey: 'first', minerUid: 3 })
    const rows = [
      base,
      { ...base, validatorHotkey: 'second', overallAvgScore: 0.2 },
      { ...base, minerHotkey: 'newcomer', overallAvgScore: 0.3 },
      { ...base, minerUid: 4, overallAvgScore: 0.4 },
    ]
    await put(...rows)
    await put(...rows.map((row) => ({ ...row, consecutiveFailures: 9 })))
    await merge(overallPerformanceRow)
    await merge(taskPerformanceRow)
    for (const row of rows) {
      const period = { type: row.periodType, start: row.periodStart, end: row.periodEnd }
      expect(await store.repositories.minerPerformances.find({ ...row, period })).toEqual({
        ...row,
        consecutiveFailures: 9,
      })
    }
  })

  it(`give ${MANY} miners with three tasks each as one page`, async () => {
    const tasks = [geomagnetic, soil, buildTaskPerformance()]
    const rows = Array.from({ length: MANY }, (_, at) =>
      buildMinerPerformance({
        validatorHotkey: 'many',
        minerUid: at,
        minerHotkey: `m${at}`,
        overallRank: at + 1,
        tasks,
      }),
    )
    await put(...rows.toReversed())
    const [first] = rows
    if (first === undefined) return
    const period = { type: first.periodType, start: first.periodStart, end: first.periodEnd }
    const page = await store.repositories.minerPerformances.list({ ...first, period, limit: MANY })
    expect(page.nextCursor).toBeNull()
    expect(page.items).toEqual(rows)
  })

  it('are as they were when a put dies between tasks and overall row, and whole when it is done again', async () => {
    const before = buildMinerPerformance({ validatorHotkey: 'dying', tasks: [soil] })
    const after = { ...before, overallRank: 2, tasks: [soil, buildTaskPerformance()] }
    const period = { type: before.periodType, start: before.periodStart, end: before.periodEnd }
    const find = async () => store.repositories.minerPerformances.find({ ...before, period })
    await put(before)
    // What the first of the two inserts leaves behind.
    const columns = taskPerformanceRow.expectedColumns.map(({ name }) => name)
    await store.connection.command({
      sql: `INSERT INTO miner_performance_task_stats (${columns.join(', ')})
SELECT ${columns.map((name) => (name === 'task_name' ? `'weather'` : name)).join(', ')} FROM miner_performance_task_stats FINAL
WHERE validator_hotkey = 'dying'`,
    })
    expect(await find()).toEqual(before)
    await put(after)
    expect(await find()).toEqual(after)
  })

  it('go as many days after their period as are set, thirty at first, but for all_time', async () => {
    const old = { periodStart: new Date('2020-01-01T00:00:00Z'), periodEnd: new Date('2020-01-02T00:00:00Z') }
    const base = buildMinerPerformance({ validatorHotkey: 'passing', ...old })
    const left = async () => {
      const counts: number[][] = []
      for (const { table } of [overallPerformanceRow, taskPerformanceRow]) {
        await merge({ table })
        const [row] = await readAll(store.connection, countReader, {
          sql: `SELECT countIf(period_type = 'daily'), countIf(period_type = 'all_time') FROM ${table} FINAL WHERE validator_hotkey = 'passing'`,
        })
        counts.push([row?.daily ?? -1, row?.allTime ?? -1])
      }
      return counts
    }
    const retention = { table: 'miner_performance_stats' } as const
    expect(await readRetention(store.connection, retention)).toBe(30)
    await setRetention(store.connection, { ...retention, days: 3_650 })
    await put(base, buildMinerPerformance({ validatorHotkey: 'passing' }), {
      ...base,
      periodType: 'all_time',
    })
    expect(await left()).toEqual([
      [2, 1],
      [2, 1],
    ])
    await setRetention(store.connection, { ...retention, days: 30 })
    expect(await left()).toEqual([
      [1, 1],
      [1, 1],
    ])
  })
})

const countReader = rowReader({
  label: 'rows by type of period',
  schema: z.strictObject({ daily: z.int(), allTime: z.int() }),
  columns: { daily: column.uint64Number(), allTime: column.uint64Number() },
})
