import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { MinerWeight, WeightsSnapshot } from '../models/weights-snapshot.ts'
import type { WeightsSnapshotRepository } from '../repositories/weights-snapshot-repository.ts'
import { MAX_CLOCK_SKEW_MS } from '../rules/clock-skew.ts'
import { agentNow, buildWeightsSnapshot } from './agent-builders.ts'
import type { AgentRegistryContractOptions } from './agent-registry.ts'
import { expectInvalid } from './sample-suite.ts'

/** Each test begins a day after the one before: all snapshots of a store are one history. */
let days = 0

/** Everything that an implementation of {@link WeightsSnapshotRepository} must hold, on a real engine. */
export function weightsSnapshotRepositoryContract(options: AgentRegistryContractOptions): void {
  describe('weights snapshot repository contract', () => {
    let snapshots: WeightsSnapshotRepository
    let now = agentNow
    beforeAll(async () => {
      snapshots = (await options.setup()).weightsSnapshots
    })
    afterAll(async () => {
      await options.teardown?.()
    })
    const newDay = (): void => {
      days += 1
      now = new Date(agentNow.getTime() + days * 86_400_000)
    }
    const put = async (fields: Partial<WeightsSnapshot> = {}): Promise<WeightsSnapshot> => {
      const snapshot = buildWeightsSnapshot({ timestamp: now, ...fields })
      await snapshots.put({ snapshot, now })
      return snapshot
    }

    it.each<readonly [string, Partial<WeightsSnapshot>]>([
      ['two miners', {}],
      ['nobody', { minerWeights: [], timeSinceLastUpdateSeconds: null }],
      ['as many miners as there can be', { minerWeights: manyWeights(4_096) }],
      [
        'weights that text must not round',
        { minerWeights: weightsOf({ a: 5e-324, b: 1 / 3, c: 0, d: 1e300 }) },
      ],
      [
        'hotkeys that are numbers or names of methods',
        { minerWeights: weightsOf({ 10: 1, 9: 2, constructor: 3 }) },
      ],
    ])('gives a snapshot of %s back exactly', async (_name, fields) => {
      newDay()
      const snapshot = await put(fields)
      expect(await snapshots.findLatest()).toStrictEqual(snapshot)
      expect(await snapshots.find(snapshot)).toStrictEqual(snapshot)
    })

    it('finds nothing under an id that is not known, and refuses one of another kind', async () => {
      expect(await snapshots.find(buildWeightsSnapshot())).toBeNull()
      await expectInvalid(snapshots.find({ id: '1' }))
    })

    it('takes for the latest the newest time, of one instant the highest id', async () => {
      newDay()
      const [low, high] = [buildWeightsSnapshot({ timestamp: now }), buildWeightsSnapshot({ timestamp: now })]
      for (const snapshot of [high, low]) await snapshots.put({ snapshot, now })
      await put({ timestamp: new Date(now.getTime() - 1) })
      expect(await snapshots.findLatest()).toStrictEqual(high)
    })

    it.each<readonly [Readonly<Record<string, number>>, string | null]>([
      [{ a: 0.2, b: 0.5, c: 0.5 }, 'b'],
      [{ A: 1, a: 1, 9: 1 }, '9'],
      [{ a: 0, b: 0 }, null],
      [{}, null],
    ])('finds the top of %o: %s', async (weights, top) => {
      newDay()
      await put({ minerWeights: weightsOf(weights) })
      expect(await snapshots.findTopMiner()).toBe(top)
    })

    it('stores the same snapshot once, and no other under its id', async () => {
      newDay()
      const snapshot = await put()
      await snapshots.put({ snapshot, now })
      for (const change of [
        { minerWeights: [] },
        { timeSinceLastUpdateSeconds: null },
        { timestamp: new Date(now.getTime() - 1) },
      ]) {
        await expect(snapshots.put({ snapshot: { ...snapshot, ...change }, now })).rejects.toMatchObject({
          code: 'conflict',
        })
      }
      expect(await snapshots.findLatest()).toStrictEqual(snapshot)
    })

    it.each<readonly [string, Partial<WeightsSnapshot>]>([
      ['an id of another kind', { id: '1' }],
      ['a weight below 0', { minerWeights: weightsOf({ a: -1 }) }],
      ['a weight that is no number', { minerWeights: weightsOf({ a: Number.NaN }) }],
      ['a weight without end', { minerWeights: weightsOf({ a: Number.POSITIVE_INFINITY }) }],
      ['a hotkey with a space', { minerWeights: weightsOf({ 'a b': 1 }) }],
      ['a hotkey twice', { minerWeights: [...weightsOf({ a: 1 }), ...weightsOf({ a: 2 })] }],
      ['hotkeys out of order', { minerWeights: weightsOf({ a: 1, b: 1 }).toReversed() }],
      ['a time that runs back', { timeSinceLastUpdateSeconds: -1 }],
      ['no time', { timestamp: new Date(Number.NaN) }],
    ])('refuses %s and stores nothing', async (_name, fields) => {
      newDay()
      const before = await snapshots.findLatest()
      await expectInvalid(put(fields))
      expect(await snapshots.findLatest()).toStrictEqual(before)
    })

    it('refuses a time to come', async () => {
      newDay()
      await expectInvalid(put({ timestamp: new Date(now.getTime() + MAX_CLOCK_SKEW_MS + 1) }))
    })

    it('passes the reason of an aborted signal on, unwrapped', async () => {
      newDay()
      const reason = new Error('enough')
      const aborted = { signal: AbortSignal.abort(reason) }
      const snapshot = buildWeightsSnapshot({ timestamp: now })
      await expect(snapshots.put({ snapshot, now }, aborted)).rejects.toBe(reason)
      await expect(snapshots.find(snapshot, aborted)).rejects.toBe(reason)
      await expect(snapshots.findLatest(aborted)).rejects.toBe(reason)
      await expect(snapshots.findTopMiner(aborted)).rejects.toBe(reason)
      expect((await snapshots.findLatest())?.id).not.toBe(snapshot.id)
    })
  })
}

function weightsOf(weights: Readonly<Record<string, number>>): MinerWeight[] {
  return Object.entries(weights)
    .map(([minerHotkey, weight]) => ({ minerHotkey, weight }))
    .toSorted((a, b) => (a.minerHotkey < b.minerHotkey ? -1 : 1))
}

function manyWeights(count: number): MinerWeight[] {
  return Array.from({ length: count }, (_unused, index) => ({
    minerHotkey: `miner${String(index).padStart(59, '0')}`,
    weight: 1 / (index + 3),
  }))
}
