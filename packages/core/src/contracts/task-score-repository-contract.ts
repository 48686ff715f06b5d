import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { TaskScore } from '../models/task-score.ts'
import type { TaskScoreRepository, TaskScoreWindow } from '../repositories/task-score-repository.ts'
import type { RepositoryContractOptions } from './keyed-rows-repository-contract.ts'
import { nastyFloats } from './nasty-values.ts'
import { buildTaskScore } from './task-score-builders.ts'

const DAY = new Date('2025-07-23T00:00:00.000Z')
const NEXT_DAY = new Date('2025-07-24T00:00:00.000Z')
const HOUR_MS = 3_600_000

function hours(count: number): Date {
  return new Date(DAY.getTime() + count * HOUR_MS)
}

async function collect<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const row of rows) all.push(row)
  return all
}

/** Everything that an implementation of {@link TaskScoreRepository} must hold, on a real engine. */
export function taskScoreRepositoryContract(options: RepositoryContractOptions<TaskScoreRepository>): void {
  describe('task score repository contract', () => {
    let repository: TaskScoreRepository
    let validators = 0
    /** Scores of a validator that no other test writes. */
    const newScope = (): Pick<TaskScore, 'netuid' | 'validatorHotkey'> => ({
      netuid: 57,
      validatorHotkey: `validator${(validators += 1)}`,
    })
    const day = (scope: Pick<TaskScore, 'netuid' | 'validatorHotkey'>, taskName = 'weather') =>
      ({ ...scope, taskName, from: DAY, to: NEXT_DAY }) satisfies TaskScoreWindow
    const read = async (window: TaskScoreWindow): Promise<TaskScore[]> => collect(repository.stream(window))

    beforeAll(async () => {
      repository = await options.setup()
    })
    afterAll(async () => {
      await options.teardown?.()
    })

    it('has nothing before the first score', async () => {
      const window = day(newScope())
      expect(await repository.put({ scores: [] })).toEqual({ rows: 0 })
      expect(await read(window)).toEqual([])
      expect(await repository.listEvents({ ...window, limit: 1 })).toEqual([])
    })

    it('gives scores back exactly, null and 0 apart, by time, task id, uid and hotkey', async () => {
      const scope = newScope()
      const inOrder = [
        ...[null, ...nastyFloats].map((score, uid) =>
          buildTaskScore({ ...scope, uid, score, taskId: 'A"\\', scoredAt: hours(1) }),
        ),
        buildTaskScore({ ...scope, uid: 0, taskId: `'--`, scoredAt: hours(2), status: 'pending' }),
        buildTaskScore({ ...scope, uid: 0, taskId: 'a', scoredAt: hours(2), hotkey: 'A' }),
        buildTaskScore({ ...scope, uid: 0, taskId: 'a', scoredAt: hours(2), hotkey: 'a' }),
        buildTaskScore({ ...scope, uid: 65_535, taskId: 'a', scoredAt: hours(2) }),
      ]
      const { netuid, ...rest } = day(scope)
      expect(await repository.put({ scores: inOrder.toReversed() })).toEqual({ rows: inOrder.length })
      const found = await read({ netuid, ...rest })
      expect(found).toEqual(inOrder)
      for (const [at, { score }] of found.entries()) expect(Object.is(score, inOrder[at]?.score)).toBe(true)
    })

    it('counts whoever is scored at midnight to the next day only', async () => {
      const scope = newScope()
      const last = buildTaskScore({ ...scope, taskId: '1', scoredAt: new Date(NEXT_DAY.getTime() - 1) })
      const midnight = buildTaskScore({ ...scope, taskId: '2', scoredAt: NEXT_DAY })
      await repository.put({ scores: [last, midnight] })
      expect(await read(day(scope))).toEqual([last])
      expect(await read({ ...day(scope), from: NEXT_DAY, to: hours(48) })).toEqual([midnight])
    })

    it('keeps subnets, validators, tasks, events, uids and hotkeys apart', async () => {
      const scope = newScope()
      const other = newScope()
      const first = buildTaskScore({ ...scope, score: 0.1 })
      const siblings: readonly TaskScore[] = [
        { ...first, netuid: 58, score: 0.2 },
        { ...first, validatorHotkey: other.validatorHotkey, score: 0.3 },
        { ...first, taskName: 'soil', score: 0.4 },
        { ...first, taskId: 'another', score: 0.5 },
        { ...first, uid: 8, score: 0.6 },
        { ...first, hotkey: 'another', score: 0.7 },
      ]
      await repository.put({ scores: [first, ...siblings] })
      const scoresOf = async (window: TaskScoreWindow) => (await read(window)).map(({ score }) => score)
      expect((await scoresOf(day(scope))).toSorted()).toEqual([0.1, 0.5, 0.6, 0.7])
      expect(await scoresOf({ ...day(scope), netuid: 58 })).toEqual([0.2])
      expect(await scoresOf(day(other))).toEqual([0.3])
      expect(await scoresOf(day(scope, 'soil'))).toEqual([0.4])
    })

    it('replaces a score that is given again, also when its time moves', async () => {
      const scope = newScope()
      const first = buildTaskScore({ ...scope, scoredAt: hours(1) })
      const moved = { ...first, score: 0.9, scoredAt: hours(30) }
      await repository.put({ scores: [first] })
      await repository.put({ scores: [first, moved] })
      expect(await read(day(scope))).toEqual([])
      expect(await read({ ...day(scope), from: NEXT_DAY, to: hours(48) })).toEqual([moved])
    })

    it('lists events newest first, with how many miners they scored', async () => {
      const scope = newScope()
      const event = (taskId: string, at: number, scores: readonly (number | null)[]) =>
        scores.map((score, uid) => buildTaskScore({ ...scope, taskId, uid, score, scoredAt: hours(at) }))
      await repository.put({
        scores: [...event('b', 3, [1, null]), ...event('a', 3, [null]), ...event('old', 1, [0, 0.5, 1])],
      })
      const a = { taskId: 'a', scoredAt: hours(3), miners: 1, scored: 0 }
      const b = { taskId: 'b', scoredAt: hours(3), miners: 2, scored: 1 }
      const old = { taskId: 'old', scoredAt: hours(1), miners: 3, scored: 3 }
      expect(await repository.listEvents({ ...day(scope), limit: 10 })).toEqual([a, b, old])
      expect(await repository.listEvents({ ...day(scope), limit: 2 })).toEqual([a, b])
      expect(await repository.listEvents({ ...day(scope), to: hours(3), limit: 9 })).toEqual([old])
    })

    it('§3.3 sums scores up by miner, task by task and in all, with quartiles and the line through them', async () => {
      const scope = newScope()
      const row = (hour: number, score: number | null, fields: Partial<TaskScore> = {}) =>
        buildTaskScore({ ...scope, taskId: `t${hour}`, score, scoredAt: hours(hour), ...fields })
      // 0.1 a day upwards; 0.9 and 0.5 at one instant: the later task id is the newer.
      const weather = [row(0, 0.2), row(12, 0.25), row(24, 0.3), row(6, null), row(-1, 9), row(48, 9)]
      const soil = [
        row(1, 0.9, { taskName: 'soil', taskId: 'a' }),
        row(1, 0.5, { taskName: 'soil', taskId: 'b' }),
      ]
      const gone = row(2, 0.7, { hotkey: 'gone' })
      await repository.put({
        scores: [...weather, ...soil, gone, { ...gone, hotkey: 'other' }, { ...gone, uid: 1 }],
      })
      await repository.withdraw({ ...gone, at: NEXT_DAY })
      const found = await repository.listSummaries({ ...scope, from: DAY, to: hours(48) })
      expect(
        found.map(({ uid, hotkey, taskName, count }) => [uid, hotkey.slice(0, 5), taskName, count]),
      ).toEqual([
        [1, 'gone', null, 1],
        [1, 'gone', 'weather', 1],
        [7, '5FHne', null, 5],
        [7, '5FHne', 'soil', 2],
        [7, '5FHne', 'weather', 3],
        [7, 'other', null, 1],
        [7, 'other', 'weather', 1],
      ])
      const [, , all, second, first] = found
      expect(all).toMatchObject({
        min: 0.2,
        max: 0.9,
        median: 0.3,
        p25: 0.25,
        p75: 0.5,
        latest: 0.3,
        latestAt: hours(24),
      })
      expect(all?.mean).toBeCloseTo(0.43, 12)
      expect(all?.deviation).toBeCloseTo(Math.sqrt(0.065_6), 9)
      expect(second).toMatchObject({
        median: 0.7,
        latest: 0.5,
        latestAt: hours(1),
        timeSpread: 0,
        commonSpread: 0,
      })
      expect(second?.p25).toBeCloseTo(0.6, 12)
      expect(first?.timeSpread).toBeCloseTo(0.5, 12)
      expect(first?.scoreSpread).toBeCloseTo(0.005, 12)
      expect(first?.commonSpread).toBeCloseTo(0.05, 12)
      expect(await repository.listSummaries({ ...newScope(), from: DAY, to: NEXT_DAY })).toEqual([])
    })

    it('§10.7 withdraws what one hotkey got at one uid before a time, and nothing else', async () => {
      const scope = newScope()
      const other = newScope()
      const gone = buildTaskScore({ ...scope, uid: 7, hotkey: 'old', scoredAt: hours(1) })
      const kept: readonly TaskScore[] = [
        { ...gone, uid: 8 },
        { ...gone, hotkey: 'new' },
        { ...gone, taskId: 'after', scoredAt: hours(5) },
      ]
      const foreign = { ...gone, validatorHotkey: other.validatorHotkey }
      await repository.put({ scores: [gone, { ...gone, taskName: 'soil' }, foreign, ...kept] })
      const withdrawal = { ...scope, uid: 7, hotkey: 'old', at: hours(5) }
      expect(await repository.withdraw(withdrawal)).toEqual({ rows: 2 })
      expect(await repository.withdraw(withdrawal)).toEqual({ rows: 0 })
      const inOrder = [kept[1], kept[0], kept[2]]
      expect(await read(day(scope))).toEqual(inOrder)
      expect(await read(day(scope, 'soil'))).toEqual([])
      expect(await repository.listEvents({ ...day(scope, 'soil'), limit: 1 })).toEqual([])
      expect(await read(day(other))).toEqual([foreign])
      expect(await repository.withdraw({ ...withdrawal, hotkey: 'nobody' })).toEqual({ rows: 0 })
    })

    it('counts a withdrawn score again when it is given again', async () => {
      const scope = newScope()
      const score = buildTaskScore(scope)
      await repository.put({ scores: [score] })
      await repository.withdraw({ ...scope, uid: score.uid, hotkey: score.hotkey, at: NEXT_DAY })
      await repository.put({ scores: [score] })
      expect(await read(day(scope))).toEqual([score])
    })

    it('takes thousands from a stream and gives them in order', async () => {
      const scope = newScope()
      async function* source(): AsyncGenerator<TaskScore> {
        for (let uid = 0; uid < 5_000; uid += 1)
          yield await Promise.resolve(buildTaskScore({ ...scope, uid: (uid * 7) % 5_000 }))
      }
      expect(await repository.put({ scores: source() })).toEqual({ rows: 5_000 })
      const found = await read(day(scope))
      expect(found.map(({ uid }) => uid)).toEqual(Array.from({ length: 5_000 }, (_, uid) => uid))
    })

    it.each<readonly [string, Partial<TaskScore>]>([
      ['score', { score: Number.NaN }],
      ['score', { score: Number.POSITIVE_INFINITY }],
      ['uid', { uid: 65_536 }],
      ['hotkey', { hotkey: 'not a hotkey' }],
      ['taskId', { taskId: '' }],
      ['status', { status: 'Done!' }],
      ['scoredAt', { scoredAt: new Date(Number.NaN) }],
    ])('refuses a bad %s, naming row and field', async (field, spoiled) => {
      const scope = newScope()
      const scores = [buildTaskScore(scope), buildTaskScore({ ...scope, ...spoiled })]
      const error: unknown = await repository.put({ scores }).catch((problem: unknown) => problem)
      expect(error).toMatchObject({ code: 'invalid_input', details: { row: 2, field } })
    })

    it('refuses questions that make no sense', async () => {
      const window = day(newScope())
      const refused = { code: 'invalid_input' }
      for (const limit of [0, 1.5, 10_001, Number.NaN])
        await expect(repository.listEvents({ ...window, limit })).rejects.toMatchObject(refused)
      await expect(read({ ...window, taskName: 'a b' })).rejects.toMatchObject(refused)
      await expect(read({ ...window, from: new Date(Number.NaN) })).rejects.toMatchObject(refused)
      await expect(read({ ...window, validatorHotkey: `'` })).rejects.toMatchObject(refused)
      const miner = { ...window, uid: 1, hotkey: 'a', at: DAY }
      await expect(repository.withdraw({ ...miner, uid: -1 })).rejects.toMatchObject(refused)
      await expect(repository.withdraw({ ...miner, hotkey: '' })).rejects.toMatchObject(refused)
    })

    it('passes the reason of an aborted signal on, unwrapped', async () => {
      const scope = newScope()
      const reason = new Error('enough')
      const signal = AbortSignal.abort(reason)
      const score = buildTaskScore(scope)
      await expect(repository.put({ scores: [score] }, { signal })).rejects.toBe(reason)
      await expect(collect(repository.stream(day(scope), { signal }))).rejects.toBe(reason)
      await expect(repository.withdraw({ ...score, at: DAY }, { signal })).rejects.toBe(reason)
      await expect(repository.listSummaries(day(scope), { signal })).rejects.toBe(reason)
      expect(await read(day(scope))).toEqual([])
    })
  })
}
