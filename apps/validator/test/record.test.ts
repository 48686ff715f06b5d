import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import {
  executionLogsTable,
  locksTable,
  scoresTable,
  scoreSnapshotsTable,
  systemConfigTable,
  weightCyclesTable,
} from '@subnetkit/storage-dynamo'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Validator } from '../src/compose.ts'
import type { RecordStore } from '../src/ports/record-store.ts'
import { readRecordHealth, type RecordHealth } from '../src/record/record-health.ts'
import { parseRecordSettings } from '../src/record/record-settings.ts'
import { recordStatistics } from '../src/record/record-statistics.ts'
import { localSubnet, minerOf, netuid, openSubnet, peers, validator } from './fixtures/local-subnet.ts'
import { openValidator } from './fixtures/open-validator.ts'
import { publishScores, recordUnderTest, watchedRecord } from './fixtures/record-under-test.ts'
import { openTestStore, startTestEngine, type TestEngine, type TestStore } from './fixtures/sampling-store.ts'
import { configure, realClock } from './fixtures/sampling-subnet.ts'
import { withMethods } from './fixtures/scoring-store.ts'

const WAIT_MS = 20_000
const isSoak = process.env['SUBNETKIT_SOAK'] === '1'
const tables = [
  executionLogsTable,
  locksTable,
  scoresTable,
  scoreSnapshotsTable,
  systemConfigTable,
  weightCyclesTable,
]
const [peer = ''] = peers
let folder = ''
let engine: TestEngine
let composed: Validator
let store: RecordStore
let startBlock = 1_000
beforeAll(async () => {
  engine = await startTestEngine()
  folder = await mkdtemp(join(tmpdir(), 'validator-record-'))
  composed = await openValidator(folder, { USER: 'alice', DYNAMODB_ENDPOINT: engine.endpoint })
  store = await composed.openRecord()
})
afterAll(async () => {
  await store[Symbol.asyncDispose]()
  await composed[Symbol.asyncDispose]()
  await engine[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 })
})

interface AtWork extends AsyncDisposable {
  readonly repositories: TestStore['repositories']
  readonly subnet: Awaited<ReturnType<typeof openSubnet>>
  readonly blockNumber: number
}

/** A subnet and an operational store of one test's own; blocks of tests never meet in the one record. */
async function atWork(): Promise<AtWork> {
  startBlock += 1_000
  const { repositories, ...own } = await openTestStore(engine, { tables })
  const subnet = await openSubnet(localSubnet({}, 5, startBlock))
  await subnet.advance(5)
  const hotkeys = [0, 1, 2].map(minerOf)
  await publishScores(repositories, { hotkeys, blockNumber: startBlock })
  return {
    repositories,
    subnet,
    blockNumber: startBlock,
    [Symbol.asyncDispose]: async () => {
      await subnet[Symbol.asyncDispose]()
      await own[Symbol.asyncDispose]()
    },
  }
}

const open = async (): Promise<RecordStore> => watchedRecord(store, () => null)
const health = async (
  repositories: TestStore['repositories'],
  validatorHotkey = validator,
): Promise<RecordHealth> =>
  await readRecordHealth(
    { operational: repositories, record: store },
    {
      netuid,
      validatorHotkey,
      settings: parseRecordSettings(new Map()),
      now: new Date(),
      cycles: 100,
    },
  )
const noGaps = { cycles: 0, miners: 0, epochs: 0 }

describe('the record of weights', () => {
  it('has the cycle, a trace of each scored miner, the epoch that paid, and statistics', async () => {
    await using work = await atWork()
    const { repositories, subnet } = work
    const statistics = recordStatistics({ executionLogs: repositories.executionLogs, clock: realClock })
    await using recorded = recordUnderTest({ ...work, open, statistics })
    const { cycle } = await recorded.until('effective')
    expect(await recorded.writer.flush(WAIT_MS)).toBe(0)
    if (cycle === null || cycle.effectiveBlock === null) throw new Error('no cycle')
    const { weightCycles, minerWeightTraces, chainSnapshots, minerPerformances } = store.repositories
    expect(await weightCycles.find(cycle)).toEqual(cycle)

    const { items: traces } = await minerWeightTraces.list({ ...cycle, limit: 10 })
    expect(traces.map(({ hotkey }) => hotkey).toSorted()).toEqual([0, 1, 2].map(minerOf).toSorted())
    for (const { hotkey, uid, submittedValue, submittedWeight } of traces) {
      const sent = cycle.weights.find((weight) => weight.hotkey === hotkey)
      expect({ uid, submittedValue, submittedWeight }).toEqual({
        uid: sent?.uid,
        submittedValue: sent?.value,
        submittedWeight: sent?.weight,
      })
    }
    const epochBlock = cycle.effectiveBlock
    const neurons = await chainSnapshots.list({ netuid, epochBlock })
    const metagraph = await subnet.chain.metagraph({ netuid })
    expect(neurons.map(({ hotkey, incentive }) => [hotkey, incentive])).toEqual(
      metagraph.neurons.map(({ hotkey, incentive }) => [hotkey, incentive]),
    )
    const miners = await minerPerformances.listHistory({
      netuid,
      validatorHotkey: validator,
      minerHotkey: minerOf(0),
      periodType: 'daily',
      limit: 5,
    })
    expect(miners.items).toHaveLength(1)
    expect(recorded.warnings).toEqual([])
    expect(await health(repositories)).toMatchObject({
      cycles: 1,
      gaps: noGaps,
      behind: 0,
      crossed: [],
      delay: { latest: epochBlock - (cycle.inclusionBlock ?? 0) },
    })
    const metrics = await recorded.metrics()
    expect(metrics).toContain('subnetkit_record_gaps{kind="cycles",service="test"} 0')
    expect(metrics).toMatch(/subnetkit_record_consensus_delay_blocks\{step="effective",service="test"\} \d/)
    expect(metrics).toMatch(/subnetkit_record_table_rows\{table="weight_cycles",service="test"\} [1-9]/)
    expect(metrics).toMatch(/call_duration_seconds_count\{service="test",call="statistics"\} [1-9]/)
  })

  it('keeps two validators of one store apart', async () => {
    await using work = await atWork()
    await using other = await atWork()
    const hotkeys = [minerOf(3)]
    const newer = other.blockNumber + 1
    await publishScores(other.repositories, { hotkeys, blockNumber: newer, validatorHotkey: peer })
    await using first = recordUnderTest({ ...work, open })
    await using second = recordUnderTest({ ...other, open, hotkey: peer })
    const [ours, theirs] = [await first.until('included'), await second.until('included')]
    await Promise.all([first.writer.flush(WAIT_MS), second.writer.flush(WAIT_MS)])
    const { minerWeightTraces } = store.repositories
    for (const [pass, count, stranger] of [
      [ours, 3, peer],
      [theirs, 1, validator],
    ] as const) {
      if (pass.cycle === null) throw new Error('no cycle')
      expect(await minerWeightTraces.count(pass.cycle)).toBe(count)
      expect(await minerWeightTraces.count({ ...pass.cycle, validatorHotkey: stranger })).toBe(0)
    }
    expect(await health(other.repositories, peer)).toMatchObject({ cycles: 1, gaps: noGaps, behind: 0 })
  })

  it.each(['minerWeightTraces.put', ...(isSoak ? ['weightCycles.put', 'chainSnapshots.put'] : [])])(
    'catches up after it died at %s',
    async (deadly) => {
      await using work = await atWork()
      const dying = watchedRecord(store, (name) =>
        name === deadly ? Promise.reject(new Error('killed')) : null,
      )
      {
        await using recorded = recordUnderTest({ ...work, open: async () => dying })
        await recorded.until('included')
        expect(await recorded.writer.flush(300)).toBeGreaterThan(0)
      }
      await using restarted = recordUnderTest({ ...work, open })
      await work.subnet.advance(1)
      const { cycle } = await restarted.pass()
      expect(await restarted.writer.flush(WAIT_MS)).toBe(0)
      expect(await health(work.repositories)).toMatchObject({
        cycles: 1,
        gaps: noGaps,
        behind: 0,
        lacking: [],
      })
      if (cycle === null) throw new Error('no cycle')
      const trace = await store.repositories.minerWeightTraces.find({ ...cycle, hotkey: minerOf(0) })
      expect(trace?.submittedValue).toBe(cycle.weights.find(({ hotkey }) => hotkey === minerOf(0))?.value)
      expect(await store.repositories.chainSnapshots.findLatestEpoch({ netuid })).toBeGreaterThanOrEqual(
        work.blockNumber,
      )
    },
  )

  it('says what cannot be filled any more: a cycle whose scores are gone', async () => {
    await using work = await atWork()
    const { repositories } = work
    {
      await using recorded = recordUnderTest({ ...work, open: () => Promise.reject(new Error('down')) })
      await recorded.until('included')
    }
    const { minerScores } = repositories
    const played = withMethods<'minerScores'>(minerScores, { findSnapshot: async () => null })
    const forgetful = { ...repositories, minerScores: played }
    await using restarted = recordUnderTest({ ...work, repositories: forgetful, open })
    await restarted.pass()
    expect(await restarted.writer.flush(WAIT_MS)).toBe(0)
    expect(restarted.warnings).toEqual([
      'a cycle stays without traces: they cannot be made from what is kept',
      '1 things are missing in the record; stats.record warns above 0',
    ])
    expect(await health(repositories)).toMatchObject({
      gaps: { cycles: 1 },
      behind: 0,
      crossed: [{ name: 'gaps', value: 1, limit: 0 }],
    })
  })
})

describe('the settings of stats.record', () => {
  it.each([
    ['enableRealtimeUpdates', []],
    ['enableDetailedPathways', ['chainSnapshots.put', 'setRetention 7', 'weightCycles.put']],
    ['enableChainIntegration', ['minerWeightTraces.put', 'setRetention 7', 'weightCycles.put']],
  ])('write without %s only what is still wanted', async (key, expected) => {
    await using work = await atWork()
    await configure(work.repositories, 'stats.record', { [key]: false, retentionDays: 7 })
    const written = new Set<string>()
    const watched = watchedRecord(store, (name) => {
      if (/put|set/i.test(name)) written.add(name)
      return null
    })
    await using recorded = recordUnderTest({ ...work, open: async () => watched })
    await recorded.until('included')
    expect(await recorded.writer.flush(WAIT_MS)).toBe(0)
    expect([...written].toSorted()).toEqual(expected)
  })

  it('that are wrong are told once, and the last good ones stay', async () => {
    await using work = await atWork()
    await using recorded = recordUnderTest({ ...work, open })
    await configure(work.repositories, 'stats.record', { retentionDays: 'many' })
    await recorded.until('included')
    await recorded.writer.flush(WAIT_MS)
    await recorded.pass()
    expect(await recorded.writer.flush(WAIT_MS)).toBe(0)
    expect(recorded.warnings).toEqual(['stats.record is not valid; the record goes on with what was valid'])
    expect(await health(work.repositories)).toMatchObject({ gaps: noGaps, behind: 0 })
  })
})

describe('a record in trouble', () => {
  const never = async (): Promise<never> => await new Promise(() => {})
  const down = async (): Promise<never> => await Promise.reject(new Error('down'))
  const broken = (): never => {
    throw new Error('broken')
  }
  const spoiled = (onCall: () => Promise<unknown>) => async () => watchedRecord(store, onCall)

  it('changes nothing about weights, whatever it does', async () => {
    const wayOf = async (params: Parameters<typeof recordUnderTest>[0], from: number): Promise<unknown> => {
      await using recorded = recordUnderTest(params)
      const { cycle } = await recorded.until('included')
      return cycle?.steps.map(({ state, blockNumber }) => [state, (blockNumber ?? 0) - from])
    }
    await using plain = await atWork()
    const expected = await wayOf({ ...plain, open: never, isKept: false }, plain.blockNumber)
    expect(expected).toEqual([
      ['prepared', 5],
      ['submitted', 5],
      ['included', 6],
    ])
    const few = [broken, spoiled(never)]
    const troubles = isSoak ? [...few, never, down, spoiled(broken), spoiled(down)] : few
    for (const trouble of troubles) {
      await using work = await atWork()
      expect(await wayOf({ ...work, open: trouble }, work.blockNumber)).toEqual(expected)
    }
  })

  it('is told, paused and tried again, and what it missed is whole in the end', async () => {
    await using work = await atWork()
    let isDown = true
    await using recorded = recordUnderTest({ ...work, open: async () => (isDown ? down() : open()) })
    await recorded.until('included')
    expect(await recorded.writer.flush(200)).toBeGreaterThan(0)
    expect(recorded.warnings[0]).toBe(
      'a part of the record failed and is tried again; weights are not affected',
    )
    expect(await recorded.metrics()).toMatch(/failed_calls_total\{call="open",service="test"\} [1-9]/)
    isDown = false
    expect(await recorded.writer.flush(WAIT_MS)).toBe(0)
    expect(await health(work.repositories)).toMatchObject({ cycles: 1, gaps: noGaps, behind: 0 })
  })

  it('that takes too much of a pass leaves statistics out for a while, and says so', async () => {
    await using work = await atWork()
    let computed = 0
    const statistics = async ({ spend }: { spend: (ms: number) => void }): Promise<void> => {
      computed += 1
      spend(30_000)
    }
    const threshold = { performanceImpactThreshold: 20 }
    await configure(work.repositories, 'stats.record', threshold)
    await using recorded = recordUnderTest({ ...work, open, statistics })
    const { writer } = recorded
    await recorded.pass()
    await expect.poll(() => [computed, writer.left], { timeout: WAIT_MS }).toEqual([1, 0])
    // The next epoch asks for statistics again; this pass does without, the one after it does not.
    await work.subnet.advance(25)
    await recorded.pass()
    expect(recorded.warnings).toEqual([
      'the record took too much of a pass; statistics wait, and are caught up later',
    ])
    await expect.poll(() => writer.left, { timeout: WAIT_MS }).toBe(1)
    expect(computed).toBe(1)
    await recorded.pass()
    await expect.poll(() => [computed, writer.left], { timeout: WAIT_MS }).toEqual([2, 0])
    expect(await recorded.metrics()).toContain('subnetkit_record_over_budget_total{service="test"} 1')
  })
})
