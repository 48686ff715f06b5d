import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { scoringPathways, tracedBranches, type MinerWeightTrace } from '../models/miner-weight-trace.ts'
import type { MinerWeightTraceRepository } from '../repositories/miner-weight-trace-repository.ts'
import type { RepositoryContractOptions } from './keyed-rows-repository-contract.ts'
import { newContentId } from './miner-row-builders.ts'
import { nastyFloats } from './nasty-values.ts'
import { expectInvalid, readPages } from './sample-suite.ts'
import { buildMinerWeightTrace, buildTraceTask, newHotkey } from './weight-record-builders.ts'

type CycleKey = Pick<MinerWeightTrace, 'netuid' | 'validatorHotkey' | 'cycleId'>

const newCycle = (): CycleKey => ({ netuid: 64, validatorHotkey: newHotkey(), cycleId: newContentId() })
const minute = (number: number): Date => new Date(Date.UTC(2106, 1, 3, 4, number))
const names = (count: number): string[] =>
  Array.from({ length: count }, (_unused, index) => `miner${String(index).padStart(6, '0')}`)

/** Everything that an implementation of {@link MinerWeightTraceRepository} must hold, on a real engine. */
export function minerWeightTraceRepositoryContract(
  options: RepositoryContractOptions<MinerWeightTraceRepository>,
): void {
  describe('miner weight trace repository contract', () => {
    let repository: MinerWeightTraceRepository
    beforeAll(async () => {
      repository = await options.setup()
    })
    afterAll(async () => {
      await options.teardown?.()
    })
    const put = async (
      cycle: CycleKey,
      ...fields: readonly Partial<MinerWeightTrace>[]
    ): Promise<readonly MinerWeightTrace[]> => {
      const traces = fields.map((each) => buildMinerWeightTrace({ ...cycle, ...each }))
      expect(await repository.put({ traces })).toStrictEqual({ rows: traces.length })
      return traces
    }
    const list = async (cycle: CycleKey): Promise<readonly MinerWeightTrace[]> =>
      (await repository.list({ ...keyOf(cycle), limit: 10_000 })).items

    it('finds nothing in a cycle without traces', async () => {
      const cycle = newCycle()
      expect(await repository.put({ traces: [] })).toStrictEqual({ rows: 0 })
      expect(await repository.find({ ...cycle, hotkey: 'a' })).toBeNull()
      expect(await repository.count(cycle)).toBe(0)
      expect(await repository.list({ ...cycle, limit: 1 })).toStrictEqual({ items: [], nextCursor: null })
      expect(await repository.listPoints({ ...cycle, hotkey: 'a', limit: 1 })).toStrictEqual([])
    })

    it.each<readonly [string, Partial<MinerWeightTrace>]>([
      ['as it was traced', {}],
      [
        'without all that may be missing',
        {
          uid: null,
          coldkey: null,
          tasks: [],
          excellenceTask: null,
          midpoint: null,
          deviation: null,
          heldBack: null,
        },
      ],
      ['with the largest numbers', extremes(65_535)],
      ['with the smallest numbers', extremes(0)],
      [
        'with nasty floats, minus zero among them',
        {
          tasks: nastyFloats.map((float, index) =>
            buildTraceTask({ task: `task${index}`, score: float, contribution: float, mean: -float }),
          ),
          raw: -0,
          bonus: 5e-324,
          curved: Number.MAX_VALUE,
        },
      ],
      ['with 64 tasks of nasty names', { tasks: manyTasks(64), excellenceTask: `'";DROP--\\{x:String}` }],
      ['with a reason that it was held back', { heldBack: `not_registered '"\\\n漢字 👩‍🚀` }],
    ])('gives a trace back exactly %s', async (_name, fields) => {
      const [trace] = await put(newCycle(), fields)
      if (trace === undefined) return
      const found = await repository.find(trace)
      expect(found).toStrictEqual(trace)
      expect(Object.is(found?.raw, trace.raw)).toBe(true)
      expect(await list(trace)).toStrictEqual([trace])
    })

    it('keeps every pathway and every branch', async () => {
      const cycle = newCycle()
      const kinds = scoringPathways.flatMap((pathway) =>
        tracedBranches.map((branch) => ({ pathway, branch, hotkey: `${pathway}${branch}` })),
      )
      const traces = await put(cycle, ...kinds)
      expect(await list(cycle)).toStrictEqual(byHotkey(traces))
    })

    it('lists the largest submitted weight first, then by hotkey, with any page size', async () => {
      const cycle = newCycle()
      const shares = [0.5, 0, 1 / 3, 0.5, 0.1 + 0.2, 0, 0.3, 5e-324]
      const traces = await put(
        cycle,
        ...shares.map((submittedWeight, index) => ({ submittedWeight, hotkey: `miner${9 - index}` })),
      )
      const sorted = byHotkey(traces).toSorted((a, b) => b.submittedWeight - a.submittedWeight)
      for (const limit of [1, 3, 7, 8, 9]) {
        expect(await readPages(async (page) => repository.list({ ...cycle, ...page }), limit)).toStrictEqual(
          sorted,
        )
      }
    })

    it('stores a stream of traces and counts them', async () => {
      const cycle = newCycle()
      const hotkeys = names(300)
      async function* source(): AsyncGenerator<MinerWeightTrace> {
        for (const hotkey of hotkeys) {
          yield await Promise.resolve(buildMinerWeightTrace({ ...cycle, hotkey, submittedWeight: 0 }))
        }
      }
      expect(await repository.put({ traces: source() })).toStrictEqual({ rows: 300 })
      expect(await repository.count(cycle)).toBe(300)
      expect((await list(cycle)).map(({ hotkey }) => hotkey)).toStrictEqual(hotkeys)
    })

    it('replaces the trace of the same cycle and hotkey, in lists and in points', async () => {
      const cycle = newCycle()
      const [first, other] = await put(cycle, { hotkey: 'a', weight: 0.5 }, { hotkey: 'b', weight: 0.5 })
      const [again] = await put(cycle, {
        hotkey: 'a',
        uid: 9,
        weight: 0.75,
        submittedWeight: 0.125,
        createdAt: minute(1),
      })
      if (first === undefined || other === undefined || again === undefined) return
      expect(await list(cycle)).toStrictEqual([other, again])
      expect(await repository.count(cycle)).toBe(2)
      expect(await repository.find(first)).toStrictEqual(again)
      const points = await repository.listPoints({ ...scopeOf(cycle), hotkey: 'a', limit: 9 })
      expect(points).toStrictEqual([pointOf(again)])
    })

    it('keeps subnets, validators, cycles and hotkeys apart', async () => {
      const cycle = newCycle()
      const others: readonly CycleKey[] = [
        { ...cycle, netuid: 65 },
        { ...cycle, validatorHotkey: newHotkey() },
        { ...cycle, cycleId: newContentId() },
      ]
      const traces = await put(cycle, { hotkey: 'a', submittedWeight: 0.75 }, { hotkey: 'A' })
      for (const [index, other] of others.entries()) {
        expect(await repository.count(other)).toBe(0)
        await put(other, { hotkey: 'a', submittedWeight: 0, submittedValue: index })
      }
      expect(await list(cycle)).toStrictEqual(traces)
      for (const [index, other] of others.entries()) {
        const found = await list(other)
        expect(found.map(({ submittedValue }) => submittedValue)).toStrictEqual([index])
      }
      const points = await repository.listPoints({ ...scopeOf(cycle), hotkey: 'a', limit: 9 })
      expect(points.map(({ cycleId }) => cycleId).toSorted()).toStrictEqual(
        [cycle.cycleId, others[2]?.cycleId].toSorted(),
      )
    })

    it("gives a miner's history, the newest first, ties by cycle id", async () => {
      const scope = scopeOf(newCycle())
      const traces: MinerWeightTrace[] = []
      for (const number of [3, 1, 4, 1, 5]) {
        const cycle = { ...scope, cycleId: newContentId() }
        const [trace] = await put(
          cycle,
          { hotkey: 'a', createdAt: minute(number), weight: number / 10, submittedValue: number },
          { hotkey: 'b' },
        )
        if (trace !== undefined) traces.push(trace)
      }
      const expected = traces
        .toSorted((a, b) => (a.cycleId < b.cycleId ? 1 : -1))
        .toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime())
        .map(pointOf)
      expect(await repository.listPoints({ ...scope, hotkey: 'a', limit: 10_000 })).toStrictEqual(expected)
      expect(await repository.listPoints({ ...scope, hotkey: 'a', limit: 2 })).toStrictEqual(
        expected.slice(0, 2),
      )
    })

    it.each<readonly [string, Partial<MinerWeightTrace>]>([
      ['netuid −1', { netuid: -1 }],
      ['an empty hotkey', { hotkey: '' }],
      ['uid 65,536', { uid: 65_536 }],
      ['a submitted value of 17 bits', { submittedValue: 65_536 }],
      ['half a submitted value', { submittedValue: 0.5 }],
      ['a weight above 1', { weight: 1.5 }],
      ['a raw weight that is no number', { raw: Number.NaN }],
      ['endless excellence', { excellence: Number.POSITIVE_INFINITY }],
      ['a percentile above 100', { tasks: [buildTraceTask({ percentile: 100.5 })] }],
      ['a score that is no number', { tasks: [buildTraceTask({ score: Number.NaN })] }],
      ['a task with a space', { tasks: [buildTraceTask({ task: 'a b' })] }],
      ['65 tasks', { tasks: manyTasks(65) }],
      ['half of a surrogate pair', { heldBack: '\ud800' }],
      ['no time', { createdAt: new Date(Number.NaN) }],
    ])('refuses %s, naming the row, and stores nothing of its batch', async (_name, fields) => {
      const cycle = newCycle()
      const traces = ['a', 'b'].map((hotkey) => buildMinerWeightTrace({ ...cycle, hotkey }))
      const [good, ...rest] = traces
      if (good === undefined) return
      const refused = repository.put({ traces: [good, ...rest.map((trace) => ({ ...trace, ...fields }))] })
      await expectInvalid(refused)
      await expect(refused).rejects.toThrow(/\b2\b/)
      expect(await repository.count(cycle)).toBe(0)
      expect(await repository.listPoints({ ...scopeOf(cycle), hotkey: 'a', limit: 1 })).toStrictEqual([])
    })

    it('refuses questions that make no sense', async () => {
      const cycle = newCycle()
      const points = { ...scopeOf(cycle), hotkey: 'a', limit: 1 }
      for (const wrong of [{ netuid: 65_536 }, { validatorHotkey: '' }, { cycleId: `'; --` }]) {
        await expectInvalid(repository.find({ ...cycle, hotkey: 'a', ...wrong }))
        await expectInvalid(repository.list({ ...cycle, limit: 1, ...wrong }))
        await expectInvalid(repository.count({ ...cycle, ...wrong }))
      }
      await expectInvalid(repository.find({ ...cycle, hotkey: 'a b' }))
      await expectInvalid(repository.listPoints({ ...points, hotkey: 'a b' }))
      await expectInvalid(repository.listPoints({ ...points, netuid: Number.NaN }))
      for (const limit of [0, 1.5, 10_001, Number.NaN]) {
        await expectInvalid(repository.listPoints({ ...points, limit }))
        await expectInvalid(repository.list({ ...cycle, limit }))
      }
      await expectInvalid(repository.list({ ...cycle, limit: 1, cursor: 'x' }))
    })

    it('passes the reason of an aborted signal on, unwrapped', async () => {
      const reason = new Error('enough')
      const aborted = { signal: AbortSignal.abort(reason) }
      const trace = buildMinerWeightTrace(newCycle())
      await expect(repository.put({ traces: [trace] }, aborted)).rejects.toBe(reason)
      await expect(repository.find(trace, aborted)).rejects.toBe(reason)
      await expect(repository.list({ ...keyOf(trace), limit: 1 }, aborted)).rejects.toBe(reason)
      await expect(repository.count(trace, aborted)).rejects.toBe(reason)
      await expect(repository.listPoints({ ...trace, limit: 1 }, aborted)).rejects.toBe(reason)
      expect(await repository.count(trace)).toBe(0)
    })
  })
}

function keyOf({ netuid, validatorHotkey, cycleId }: CycleKey): CycleKey {
  return { netuid, validatorHotkey, cycleId }
}

function scopeOf({ netuid, validatorHotkey }: CycleKey): Omit<CycleKey, 'cycleId'> {
  return { netuid, validatorHotkey }
}

function byHotkey(traces: readonly MinerWeightTrace[]): MinerWeightTrace[] {
  return traces.toSorted((a, b) => (a.hotkey < b.hotkey ? -1 : 1))
}

function pointOf(trace: MinerWeightTrace): object {
  const { cycleId, createdAt, weight, submittedWeight, submittedValue } = trace
  return { cycleId, at: createdAt, weight, submittedWeight, submittedValue }
}

function manyTasks(count: number): MinerWeightTrace['tasks'] {
  return Array.from({ length: count }, (_unused, index) =>
    buildTraceTask({ task: `'";--\\{a:String}${index}` }),
  )
}

function extremes(u16: 0 | 65_535): Partial<MinerWeightTrace> {
  const isLarge = u16 > 0
  const share = isLarge ? 1 : 0
  const count = isLarge ? Number.MAX_SAFE_INTEGER : 0
  const percentile = isLarge ? 100 : 0
  return {
    netuid: u16,
    uid: u16,
    submittedValue: u16,
    submittedWeight: share,
    weight: share,
    normalised: share,
    clusterFactor: share,
    clusterSize: count,
    tasks: [buildTraceTask({ percentile, count, task: isLarge ? '~'.repeat(128) : '!' })],
    createdAt: new Date(isLarge ? '2299-12-31T23:59:59.999Z' : '2106-01-01T00:00:00.001Z'),
  }
}
