import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { ExecutionOutcome } from '@subnetkit/core'
import { buildExecutionLog, buildTaskScore } from '@subnetkit/core/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

import type { Validator } from '../src/compose.ts'
import { readConfig } from '../src/config.ts'
import { periodOf } from '../src/performance/period-of.ts'
import type { RecordStore } from '../src/ports/record-store.ts'
import { recordPerformance, type RecordPerformanceParams } from '../src/tasks/record-performance.ts'
import { callValidator } from './fixtures/call-validator.ts'
import { openValidator } from './fixtures/open-validator.ts'
import { summariesOf } from './fixtures/score-summaries.ts'
import { registrationOf, sampleOf } from './fixtures/scoring-store.ts'

const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty'
const NETUID = 57
/** Thursday and Friday of one week, in a year that no retention reaches. */
const THURSDAY = Date.UTC(2090, 6, 20)
const FRIDAY = Date.UTC(2090, 6, 21)
const HOUR_MS = 3_600_000

let dataDir: string
let validator: Validator
let record: RecordStore
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'validator-statistics-'))
  validator = await openValidator(dataDir)
  await validator.init({ pointInTimeRecovery: false })
  record = await validator.openRecord()
}, 60_000)
afterAll(async () => {
  await record[Symbol.asyncDispose]()
  await validator[Symbol.asyncDispose]()
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
})

function at(day: number, hour: number): Date {
  return new Date(day + hour * HOUR_MS)
}

const run = async (...args: readonly string[]) => callValidator(dataDir, args)
const registerMiners = async (): Promise<void> => {
  for (const [place, hotkey] of [ALICE, BOB].entries()) {
    const registration = registrationOf(hotkey, { uid: place + 1, firstBlock: place })
    await validator.repositories.miners.put({ registration, now: validator.now() })
  }
}

describe('statistics of the periods that run', () => {
  let validators = 0
  const newScope = () => ({ netuid: NETUID, validatorHotkey: `validator${(validators += 1)}` })
  let attempts = 0
  const log = async (
    hotkey: string,
    outcome: ExecutionOutcome,
    finishedAt: Date,
    environment = 'weather',
  ) => {
    attempts += 1
    const error = outcome === 'scored' ? null : { kind: 'timeout', message: 'no answer' }
    const attempt = { minerHotkey: hotkey, outcome, environment, taskId: attempts, finishedAt }
    await validator.repositories.executionLogs.append({ log: buildExecutionLog({ ...attempt, error }) })
  }
  const pass = async (
    scope: ReturnType<typeof newScope>,
    now: Date,
    fields: Partial<RecordPerformanceParams> = {},
  ) => {
    const days: string[] = []
    const { executionLogs } = validator.repositories
    const recorded = await recordPerformance(
      {
        record: record.repositories,
        executionLogs: {
          stream: (params, options) => {
            days.push(`${params.minerHotkey.slice(0, 3)} ${params.from.toISOString().slice(8, 10)}`)
            return executionLogs.stream(params, options)
          },
        },
      },
      {
        ...scope,
        miners: [
          { minerUid: 1, minerHotkey: ALICE },
          { minerUid: 2, minerHotkey: BOB },
        ],
        traces: [],
        neurons: [],
        weightSubmissionBlock: null,
        now,
        showsPathways: true,
        showsChain: true,
        ...fields,
      },
    )
    return { ...recorded, days: days.toSorted() }
  }
  const find = async (scope: ReturnType<typeof newScope>, type: Parameters<typeof periodOf>[0], when: Date) =>
    await record.repositories.minerPerformances.find({
      ...scope,
      period: periodOf(type, when),
      minerUid: 1,
      minerHotkey: ALICE,
    })

  it('reads what is new, finishes the day that ended, and sums weeks, months and all time exactly', async () => {
    const scope = newScope()
    const scores = [
      [THURSDAY, 1, 0.2],
      [THURSDAY, 20, 0.3],
      [FRIDAY, 3, 0.7],
    ] as const
    const rows = scores.map(([day, hour, score]) =>
      buildTaskScore({
        ...scope,
        uid: 1,
        hotkey: ALICE,
        taskId: `${day}/${hour}`,
        score,
        scoredAt: at(day, hour),
      }),
    )
    const { taskScores } = record.repositories
    await taskScores.put({ scores: rows.slice(0, 1) })
    await log(ALICE, 'scored', at(THURSDAY, 1.5))
    await log(ALICE, 'miner_fault', at(THURSDAY, 2.5))
    const first = await pass(scope, at(THURSDAY, 10))
    // Six days before, and today.
    expect(first.days).toHaveLength(14)
    expect(first).toMatchObject({ attempts: 2, rows: 8 })

    await taskScores.put({ scores: rows.slice(1) })
    await log(ALICE, 'miner_fault', at(THURSDAY, 23.9), 'soil')
    await log(ALICE, 'infrastructure_fault', at(FRIDAY, 1))
    await log(ALICE, 'miner_fault', at(FRIDAY, 2))
    const second = await pass(scope, at(FRIDAY, 4))
    expect(second.days).toEqual(['5FH 20', '5FH 21', '5Gr 20', '5Gr 21'])
    expect((await pass(scope, at(FRIDAY, 4))).days).toEqual(['5FH 21', '5Gr 21'])

    const thursday = await find(scope, 'daily', at(THURSDAY, 0))
    expect(thursday).toMatchObject({
      totalTasksAttempted: 3,
      totalTasksCompleted: 1,
      consecutiveFailures: 2,
      totalTasksScored: 2,
      overallAvgScore: 0.25,
      lastActiveTime: at(THURSDAY, 1.5),
      calculatedAt: at(FRIDAY, 4),
    })
    for (const type of ['weekly', 'monthly', 'all_time'] as const) {
      const [all, weather] = summariesOf(rows, { from: at(THURSDAY, 0), to: at(FRIDAY, 24) })
      const found = await find(scope, type, at(FRIDAY, 0))
      expect(found).toMatchObject({
        totalTasksAttempted: 4,
        totalTasksCompleted: 1,
        consecutiveFailures: 3,
        uptimePercentage: 25,
        lastActiveTime: at(THURSDAY, 1.5),
        totalTasksScored: 3,
        overallRank: 1,
        scoreMedian: all?.median,
        scoreP25: all?.p25,
        performanceTrend: 'improving',
      })
      expect(found?.overallAvgScore).toBeCloseTo(0.4, 12)
      expect(found?.trendSlope).toBeCloseTo((weather?.commonSpread ?? 0) / (weather?.timeSpread ?? 0), 9)
      expect(found?.tasks.map(({ taskName, tasksAttempted }) => [taskName, tasksAttempted])).toEqual([
        ['soil', 1],
        ['weather', 3],
      ])
    }
  })

  it('§10.10 §6.21 keeps two validators apart, and computes only the periods that are asked for', async () => {
    const scope = newScope()
    const other = newScope()
    expect(await pass(scope, at(FRIDAY, 5), { periodTypes: ['weekly'] })).toMatchObject({ rows: 2 })
    expect(await find(scope, 'weekly', at(FRIDAY, 5))).not.toBeNull()
    expect(await find(scope, 'daily', at(FRIDAY, 5))).toBeNull()
    expect(await find(other, 'weekly', at(FRIDAY, 5))).toBeNull()
  })

  it('stops at once when it is told to, and stores nothing more', async () => {
    const scope = newScope()
    const reason = new Error('enough')
    const stopped = recordPerformance(
      { record: record.repositories, executionLogs: validator.repositories.executionLogs },
      {
        ...scope,
        miners: [{ minerUid: 1, minerHotkey: ALICE }],
        traces: [],
        neurons: [],
        weightSubmissionBlock: null,
        now: at(FRIDAY, 6),
        showsPathways: true,
        showsChain: true,
      },
      { signal: AbortSignal.abort(reason) },
    )
    await expect(stopped).rejects.toBe(reason)
    expect(await find(scope, 'daily', at(FRIDAY, 6))).toBeNull()
  })
})

describe('validator stats', () => {
  const lineOf = (taskId: string, fields: Readonly<Record<string, unknown>> = {}, at1: unknown = 0.5) =>
    JSON.stringify({
      task_name: 'geomagnetic',
      task_id: taskId,
      score: Array.from({ length: 256 }, (_, uid) => (uid === 1 ? at1 : uid === 2 ? 0.25 : 'NaN')),
      created_at: new Date(Date.now() - HOUR_MS).toISOString(),
      status: 'completed',
      ...fields,
    })
  const write = async (name: string, lines: readonly string[]): Promise<string> => {
    const path = join(dataDir, name)
    await writeFile(path, lines.join('\n'))
    return path
  }

  it('has nothing at first, and says how to get it', async () => {
    const none = await run('stats', 'show')
    expect(none.code).toBe(1)
    expect(none.stderr).toMatch(
      /no statistics in embedded ClickHouse.*Day .*validator stats compute makes them/,
    )
    expect((await run('stats', 'show', ALICE)).stderr).toMatch(/<miner>: "5Gr.*" has no statistics: Day/)
  })

  it('imports old scores, computes periods from them, and shows who is how good', async () => {
    await registerMiners()
    const columns = Object.fromEntries(
      Array.from({ length: 256 }, (_, uid) => [`uid_${uid}_score`, uid === 1 ? 0.7 : null]),
    )
    const file = await write('scores.jsonl', [
      lineOf('1'),
      lineOf('2', { score: undefined, ...columns }),
      lineOf('3').replace('0.5', 'NaN').replaceAll('"NaN"', 'NaN'),
    ])
    const imported = await run('stats', 'import-scores', '--file', file, '--json')
    expect(JSON.parse(imported.stdout)).toEqual({ events: 3, rows: 6, unattributed: 0, bad: 0, badLines: [] })
    expect(imported.code).toBe(0)
    const again = await run('stats', 'import-scores', '--file', file)
    expect(again.stdout).toMatch(/Events stored: 3, with 6 rows\./)

    const computed = await run('stats', 'compute', '--json')
    expect(JSON.parse(computed.stdout)).toMatchObject({ miners: 2, attempts: 0 })
    const table = await run('stats', 'show', '--period', 'monthly', '--netuid', '1')
    expect(table.stdout).toMatch(
      /Month 20\d\d-\d\d[\s\S]*1 +5Grwva…utQY +1 +0\.6 +2[\s\S]*2 +5FHneW…94ty +2 +0\.25 +2/,
    )
    const story = await run('stats', 'show', '1', '--period', 'all_time')
    expect(story.stdout).toMatch(/at uid 1, rank 1\. All time\./)
    expect(story.stdout).toMatch(/Scored 2 times, 0\.6 on average; too few scores for a trend\./)
    const document = JSON.parse((await run('stats', 'show', BOB, '--period', 'all_time', '--json')).stdout)
    expect(document).toMatchObject({ minerUid: 2, overallRank: 2, scoreDeviation: 0 })
    const wide = await run('stats', 'show', '1', '--wide', '--period', 'all_time', '--json')
    expect(JSON.parse(wide.stdout).items[0]).toMatchObject({
      geomagnetic_tasks_scored: 2,
      geomagnetic_rank: 1,
    })
    const history = await run('stats', 'show', ALICE, '--history', '--period', 'all_time')
    expect(history.stdout).toMatch(/1970-01-01 +1 +1 +0\.6/)
  })

  it('lists bad lines with their numbers, stores nothing of them and the rest, and ends with 1', async () => {
    const uids = await write('uids.csv', ['uid,hotkey', `1,${ALICE}`])
    const file = await write('bad.jsonl', [
      lineOf('10'),
      '{not json',
      lineOf('12', { score: Array.from({ length: 255 }, () => 0.1) }),
      lineOf('13', { score: Array.from({ length: 257 }, () => 0.1) }),
      lineOf('14', {}, 1e300),
      lineOf('15').replace('0.5', 'Infinity'),
      lineOf('16').replace('0.5', '1e999'),
      lineOf('17', { created_at: '2025-02-30T00:00:00Z' }),
      lineOf('18', { task_name: "'; DROP TABLE score_table --" }),
      lineOf('19', { uid_7_score: 1 }),
      lineOf('20'),
    ])
    const ran = await run('stats', 'import-scores', '--file', file, '--uids', uids, '--netuid', '9', '--json')
    expect(ran.code).toBe(1)
    const report = JSON.parse(ran.stdout)
    expect(report).toMatchObject({ events: 2, rows: 2, unattributed: 2, bad: 9 })
    expect(report.badLines.map(({ line }: { line: number }) => line)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(ran.stdout).toMatch(/line 3: scores of geomagnetic 12: 255 is not the number of scores/)
  })

  it.each<readonly [readonly string[], RegExp]>([
    [['show', '--period', 'hourly'], /--period/],
    [['show', '--at', '2025-02-30'], /--at: "2025-02-30" is not a date that exists/],
    [['show', '--at', 'yesterday'], /--at/],
    [['show', 'no hotkey'], /<miner>/],
    [['show', '60000'], /<miner>: "60000" has no statistics/],
    [['show', '--history'], /--history: is of one miner/],
    [['show', '--netuid', '70000'], /--netuid/],
    [['compute', '--from', '2025-03-02', '--to', '2025-03-01'], /--from: "2025-03-02" is after --to/],
    [['compute', '--from', '1990-01-01'], /more than ten years before --to/],
    [
      ['import-scores', '--file', '/nowhere/scores.jsonl'],
      /--file: "\/nowhere\/scores.jsonl" cannot be read/,
    ],
    [['import-scores', '--file', 'x', '--uids', '/nowhere/uids.csv'], /--uids: .* cannot be read/],
  ])('refuses %j with exit code 2', async (args, message) => {
    const ran = await run('stats', ...args)
    expect(ran).toMatchObject({ code: 2, stdout: '' })
    expect(ran.stderr).toMatch(message)
  })
})

describe('validator scores compute', () => {
  const compute = async (environment: Readonly<Record<string, string>> = {}) => {
    const ran = await callValidator(dataDir, ['scores', 'compute', '--netuid', '58', '--json'], environment)
    return { ...ran, ...scoredSchema.parse(JSON.parse(ran.stdout)) }
  }
  const eventsOf = async (environment: string) =>
    await record.repositories.taskScores.listEvents({
      netuid: 58,
      validatorHotkey: readConfig({ SUBNETKIT_DATA: dataDir }, dataDir).validatorHotkey,
      taskName: environment,
      from: new Date(0),
      to: new Date(Date.UTC(2099, 0)),
      limit: 10,
    })

  it('puts each snapshot into the record once, catches up after a failure, and brings nothing withdrawn back', async () => {
    await registerMiners()
    await run('config', 'set', 'environment.sat', '{"samplingRange": [0, 4]}', '--type', 'json')
    const key = { minerHotkey: ALICE, modelRevision: 'v1', environment: 'sat', generation: 1 }
    await validator.repositories.samples.putBatch({
      samples: [0, 1, 2, 3].map((taskId) => sampleOf({ ...key, taskId }, 0.8)),
    })
    const first = await compute()
    expect(first).toMatchObject({ code: 0, recorded: { snapshots: 1, rows: 2, leftOut: 0 } })
    // Bob has a row and no score: he was not sampled.
    const { snapshotId } = first.snapshot
    expect(await eventsOf('sat')).toMatchObject([{ taskId: snapshotId, miners: 2, scored: 1 }])
    expect((await compute()).recorded).toEqual({ snapshots: 0, rows: 0, leftOut: 0 })

    await run('config', 'set', 'scoring.burn', '0.5', '--type', 'number')
    const second = await compute({ BITTENSOR_CLICKHOUSE_HOST: '127.0.0.1', BITTENSOR_CLICKHOUSE_PORT: '1' })
    expect(second).toMatchObject({ code: 0, outcome: 'published', recorded: null })
    expect(second.stderr).toMatch(/scores are published, but the record does not have them/)
    expect(await eventsOf('sat')).toHaveLength(1)

    // Bob leaves: what he got is withdrawn, and is not expected any more.
    const { validatorHotkey } = first.snapshot
    const bob = { netuid: 58, validatorHotkey, uid: 2, hotkey: BOB, at: new Date(Date.UTC(2099, 0)) }
    await record.repositories.taskScores.withdraw(bob)
    await validator.repositories.miners.put({
      registration: registrationOf(BOB, { uid: null, firstBlock: 1 }),
      now: validator.now(),
    })
    expect((await compute()).recorded).toMatchObject({ snapshots: 2, leftOut: 1 })
    expect(await eventsOf('sat')).toMatchObject([
      { miners: 1 },
      { miners: 1 },
      { taskId: snapshotId, miners: 1 },
    ])
  })

  it('leaves the record alone where it is not to be written while scoring', async () => {
    await run('config', 'set', 'stats.record', '{"enableRealtimeUpdates": false}', '--type', 'json')
    await run('config', 'set', 'scoring.burn', '0.25', '--type', 'number')
    const ran = await compute()
    expect(ran).toMatchObject({ outcome: 'published', recorded: null })
    expect(ran.stderr).not.toMatch(/record/)
    expect(await eventsOf('sat')).toHaveLength(3)
  })
})

const scoredSchema = z.object({
  outcome: z.string(),
  snapshot: z.object({ snapshotId: z.string(), validatorHotkey: z.string() }),
  recorded: z.object({ snapshots: z.int(), rows: z.int(), leftOut: z.int() }).nullable(),
})
