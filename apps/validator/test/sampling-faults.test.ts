import { type Miner, silentLogger } from '@subnetkit/core'
import { describe, expect, it } from 'vitest'

import { allItems } from '../src/all-items.ts'
import { composeSampling } from '../src/compose-sampling.ts'
import { startLocalMiners } from '../src/local-miners/start-local-miners.ts'
import { registerLocalMiners } from '../src/sampling/register-local-miners.ts'
import { failingCalls, seededRandom } from './fixtures/failing-calls.ts'
import { openTestStore, samplingTables, sharedEngine, type TestStore } from './fixtures/sampling-store.ts'
import {
  configure,
  echoEnvironment,
  hotkeyOf,
  playMiners,
  realClock,
  registrationOf,
  rightAnswer,
  runRound,
  samplesOf,
  setUpSubnet,
} from './fixtures/sampling-subnet.ts'
import { shiftedClock } from './fixtures/shifted-clock.ts'

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'
const size = isSoak ? { miners: 8, tasks: 40 } : { miners: 2, tasks: 4 }

const engine = sharedEngine()

const environments = [echoEnvironment('echo')]
const ids = Array.from({ length: size.tasks }, (_, index) => index)
const fault = { kind: 'miner_fault', reason: 'timeout', message: 'no answer', latencyMs: 7 } as const
const outage = {
  kind: 'infrastructure_fault',
  reason: 'no_route',
  message: 'no network here',
  latencyMs: 1,
} as const

async function minerOf(store: TestStore, hotkey: string): Promise<Miner> {
  const miner = await store.repositories.miners.find({ hotkey })
  if (miner === null) throw new Error(`no miner ${hotkey}`)
  return miner
}

async function expectEachOnce(store: TestStore, miners = size.miners): Promise<void> {
  for (let index = 0; index < miners; index += 1) {
    const hotkey = hotkeyOf(index)
    const samples = await samplesOf(store.repositories, hotkey, 'echo')
    expect(samples.map(({ taskId }) => taskId)).toEqual(ids)
    expect((await minerOf(store, hotkey)).statistics.totalSamples).toBe(ids.length)
  }
}

const echo = { samplingRange: [0, size.tasks] }

describe('a store that fails', () => {
  // A claim that finds nothing needs five answers in a row. Were half of all lost, one round in fifty would not get them
  // in the two hundred tries that a step has.
  it.each([
    ['unavailable', 0.4],
    ['throttled', 0.3],
  ] as const)(
    'again and again (%s, a share of %d): nothing is lost, nothing doubled',
    { timeout: isSoak ? 600_000 : 120_000 },
    async (code, share) => {
      await using calm = await openTestStore(engine, { tables: samplingTables })
      await setUpSubnet(calm.repositories, { miners: size.miners, environments: { echo } })
      const random = seededRandom(share * 1_000)
      await using store = await openTestStore(engine, {
        tablePrefix: calm.tablePrefix,
        wrap: failingCalls(() => (random() >= share ? null : random() < 0.5 ? 'before' : 'after'), code),
      })
      const report = await runRound({
        repositories: store.repositories,
        environments,
        minerClient: playMiners(),
        clock: shiftedClock(0.02),
      })
      expect(report).toMatchObject({ isComplete: true, missing: 0 })
      await expectEachOnce(calm)
    },
  )

  it('has no tables under a wrong prefix: the round ends and says how to make them', async () => {
    await using store = await openTestStore(engine, { tablePrefix: 'never_made' })
    await expect(
      runRound({ repositories: store.repositories, environments, minerClient: playMiners() }),
    ).rejects.toMatchObject({ code: 'missing_schema', message: expect.stringContaining('init') })
  })
})

describe('miners that fail', () => {
  it('are paused after a row of faults; each fault is a sample of score 0', async () => {
    await using store = await openTestStore(engine, { tables: samplingTables })
    const { repositories } = store
    await setUpSubnet(repositories, {
      miners: 2,
      environments: { echo: { samplingRange: [0, 8] } },
      sampling: { pause_after_errors: 3, per_miner: 1 },
    })
    const bad = hotkeyOf(0)
    const minerClient = playMiners((hotkey, taskId) => (hotkey === bad ? fault : rightAnswer(taskId)))
    const before = Date.now()
    const report = await runRound({ repositories, environments, minerClient })
    expect(report).toMatchObject({ isComplete: true, restingMiners: 1, miners: 1 })
    const samples = await samplesOf(repositories, bad, 'echo')
    expect(samples.map(({ score, success }) => [score, success])).toEqual([
      [0, false],
      [0, false],
      [0, false],
    ])
    const { pause, statistics } = await minerOf(store, bad)
    expect(statistics).toMatchObject({ totalSamples: 3, errorCount: 3, consecutiveErrors: 3 })
    expect(pause?.reason).toBe('3 faults in a row; paused for 10 minutes')
    expect((pause?.until?.getTime() ?? 0) - before).toBeGreaterThanOrEqual(600_000)
    expect(await samplesOf(repositories, hotkeyOf(1), 'echo')).toHaveLength(8)

    // Ten minutes on the pause is over by itself.
    const clock = shiftedClock()
    clock.jump(11 * 60_000)
    const healed = await runRound({ repositories, environments, minerClient: playMiners(), clock })
    expect(healed).toMatchObject({ isComplete: true, restingMiners: 0 })
    expect((await minerOf(store, bad)).statistics).toMatchObject({ totalSamples: 8, consecutiveErrors: 0 })
  })

  it('by never answering are cut off, and that is their fault', async () => {
    await using store = await openTestStore(engine, { tables: samplingTables })
    const { repositories } = store
    await setUpSubnet(repositories, {
      miners: 1,
      environments: { echo: { samplingRange: [0, 2] } },
      sampling: { answer_limit_ms: 100 },
    })
    const minerClient = playMiners(
      async (_hotkey, _taskId, signal) => await realClock.sleep(60_000, signal).then(() => fault),
    )
    const report = await runRound({ repositories, environments, minerClient })
    expect(report).toMatchObject({ isComplete: true, outcomes: { miner_fault: 2, infrastructure_fault: 0 } })
    const [sample] = await samplesOf(repositories, hotkeyOf(0), 'echo')
    expect(sample).toMatchObject({ score: 0, success: false, latencyMs: 100 })
  })

  it('over HTTP, slow, silent, huge, broken or redirecting: each fault is a sample of score 0, each once', async () => {
    await using store = await openTestStore(engine, { tables: samplingTables })
    const { repositories } = store
    await using local = await startLocalMiners({ count: 2, seed: 5, faultShare: 1, stallMs: 60_000 })
    const { miners } = repositories
    await registerLocalMiners({
      miners,
      localMiners: local.miners,
      seed: 5,
      isRunning: true,
      now: new Date(),
    })
    await setUpSubnet(repositories, {
      miners: 0,
      environments: { sat: { samplingRange: [0, 8] } },
      sampling: { answer_limit_ms: 1_000, pause_after_errors: 1_000 },
    })
    await using parts = composeSampling({ taskSecret: '' }, { clock: realClock, allowPrivate: true })
    const report = await runRound({
      repositories,
      environments: [...parts.environments.values()],
      minerClient: parts.minerClient,
      workers: 16,
      perMiner: 8,
    })
    expect(report).toMatchObject({ isComplete: true, outcomes: { infrastructure_fault: 0 } })
    expect(report.outcomes.miner_fault).toBeGreaterThan(8)
    for (const { hotkey } of local.miners) {
      const samples = await samplesOf(repositories, hotkey, 'sat', 'seed-5')
      expect(samples.map(({ taskId }) => taskId)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
      expect((await minerOf(store, hotkey)).statistics.totalSamples).toBe(8)
    }
  })

  it('are not blamed for an outage of ours: tried again after a back-off, quarantined at last', async () => {
    await using store = await openTestStore(engine, { tables: samplingTables })
    const { repositories } = store
    await setUpSubnet(repositories, {
      miners: 1,
      environments: { echo: { samplingRange: [0, 2], maxAttempts: 2 } },
    })
    const clock = shiftedClock(0.1)
    let asked = 0
    const minerClient = playMiners((_hotkey, taskId) => {
      asked += 1
      // Each outage takes an hour, so that every back-off is over.
      clock.jump(3_600_000)
      return taskId === 0 && asked < 10 ? outage : asked === 1 ? outage : rightAnswer(taskId)
    })
    const report = await runRound({ repositories, environments, minerClient, clock, workers: 1 })
    expect(report).toMatchObject({ isComplete: false, missing: 1 })
    expect(report.outcomes.infrastructure_fault).toBeGreaterThanOrEqual(2)
    const hotkey = hotkeyOf(0)
    expect((await samplesOf(repositories, hotkey, 'echo')).map(({ taskId }) => taskId)).toEqual([1])
    const quarantined = []
    const pages = allItems((page) =>
      repositories.samplingTasks.listQuarantined({ environment: 'echo', ...page }),
    )
    for await (const task of pages) quarantined.push(task)
    expect(quarantined).toMatchObject([{ taskId: 0, attempts: 2, lastError: { kind: 'no_route' } }])
    expect((await minerOf(store, hotkey)).statistics).toMatchObject({ totalSamples: 1, errorCount: 0 })

    await repositories.samplingTasks.retry({
      key: {
        minerHotkey: hotkey,
        modelRevision: 'r1',
        environment: 'echo',
        generation: 1,
        taskId: 0,
      },
      now: clock.now(),
    })
    const again = await runRound({ repositories, environments, minerClient: playMiners(), clock })
    expect(again.isComplete).toBe(true)
  })

  it('whose model changes meanwhile are asked with the new one; no late answer becomes its sample', async () => {
    await using store = await openTestStore(engine, { tables: samplingTables })
    const { repositories } = store
    await setUpSubnet(repositories, { miners: 1, environments: { echo } })
    const hotkey = hotkeyOf(0)
    let change: Promise<unknown> | null = null
    const minerClient = playMiners(async (_hotkey, taskId) => {
      change ??= repositories.miners.put({
        registration: registrationOf(hotkey, { modelRevision: 'r2', modelHash: 'new', lastBlock: 2 }),
        now: new Date(),
      })
      await change
      return rightAnswer(taskId)
    })
    const report = await runRound({ repositories, environments, minerClient, workers: 1 })
    expect(report.isComplete).toBe(true)
    const samples = await samplesOf(repositories, hotkey, 'echo', 'r2')
    expect(samples.map(({ taskId, modelHash }) => [taskId, modelHash])).toEqual(ids.map((id) => [id, 'new']))
    const open = await repositories.samplingTasks.listOpenTaskIds({
      scope: { minerHotkey: hotkey, modelRevision: 'r1', environment: 'echo' },
      generation: 1,
    })
    expect(open).toEqual([])
  })
})

describe('clocks and settings', () => {
  it('jumps by an hour, forward and back, double nothing', async () => {
    await using store = await openTestStore(engine, { tables: samplingTables })
    await setUpSubnet(store.repositories, { miners: size.miners, environments: { echo } })
    const clock = shiftedClock()
    let asked = 0
    const minerClient = playMiners((_hotkey, taskId) => {
      asked += 1
      clock.jump(asked % 2 === 0 ? 3_600_000 : -3_600_000)
      return rightAnswer(taskId)
    })
    const report = await runRound({ repositories: store.repositories, environments, minerClient, clock })
    expect(report.isComplete).toBe(true)
    await expectEachOnce(store)
  })

  it('take effect while a round runs, and what is not valid is passed over with a word', async () => {
    await using store = await openTestStore(engine, { tables: samplingTables })
    const { repositories } = store
    await setUpSubnet(repositories, { miners: 1, environments: { echo: { samplingRange: [0, 2] } } })
    const stop = new AbortController()
    const errors: string[] = []
    const logger = {
      ...silentLogger,
      error: (_details: unknown, message: string) => void errors.push(message),
    }
    const watching = runRound({
      repositories,
      environments,
      minerClient: playMiners(),
      isWatching: true,
      signal: stop.signal,
      clock: shiftedClock(0.05),
      logger: { ...logger, child: () => ({ ...logger, child: () => silentLogger }) },
    })
    const present = async (count: number): Promise<void> => {
      while ((await samplesOf(repositories, hotkeyOf(0), 'echo')).length !== count) await realClock.sleep(20)
    }
    await present(2)
    await configure(repositories, 'environment.echo', { samplingRange: [2, 1] })
    while (errors.length === 0) await realClock.sleep(20)
    expect(errors).toEqual(['settings were changed to what is not valid; going on with those before'])
    await configure(repositories, 'environment.echo', { samplingRange: [0, 3] })
    await present(3)
    stop.abort(new Error('enough'))
    await expect(watching).rejects.toThrow('enough')
  })

  it('are refused at the start with the key and the way out', async () => {
    await using store = await openTestStore(engine, { tables: samplingTables })
    const { repositories } = store
    const round = { repositories, environments, minerClient: playMiners() }
    await expect(runRound(round)).rejects.toThrow(/environment\.echo: is not configured .*samplingRange/)
    await configure(repositories, 'environment.echo', { samplingRange: [5, 5] })
    await expect(runRound(round)).rejects.toThrow(/environment\.echo: samplingRange.*from below to/)
    await configure(repositories, 'environment.echo', { samplingRange: [0, 5] })
    await configure(repositories, 'sampling.lease_ms', 5)
    await expect(runRound(round)).rejects.toThrow(/sampling\.lease_ms: 5 .*at least 1000/)
    await configure(repositories, 'sampling.lease_ms', 'soon')
    await expect(runRound(round)).rejects.toThrow(/sampling\.lease_ms: "soon" is kept as json/)
  })
})

describe('a round that is stopped', () => {
  it('lets what is at work end, gives the rest back, and takes no more', async () => {
    await using store = await openTestStore(engine, { tables: samplingTables })
    const { repositories } = store
    await setUpSubnet(repositories, {
      miners: 1,
      environments: { echo: { samplingRange: [0, 20] } },
      sampling: { per_miner: 3 },
    })
    const stop = new AbortController()
    const minerClient = playMiners(async (_hotkey, taskId) => {
      stop.abort(new Error('stop now'))
      await realClock.sleep(50)
      return rightAnswer(taskId)
    })
    await expect(
      runRound({ repositories, environments, minerClient, workers: 2, signal: stop.signal }),
    ).rejects.toThrow('stop now')
    const samples = await samplesOf(repositories, hotkeyOf(0), 'echo')
    expect(samples.length).toBe([...minerClient.asked.values()].length)
    expect(samples.length).toBeLessThanOrEqual(2)
    const counts = await repositories.samplingTasks.count({ environment: 'echo' })
    expect(counts).toMatchObject({ claimable: 20 - samples.length, claimed: 0 })
  })

  it('after its limit has exactly as many samples as it was to take', async () => {
    await using store = await openTestStore(engine, { tables: samplingTables })
    const { repositories } = store
    await setUpSubnet(repositories, { miners: 2, environments: { echo: { samplingRange: [0, 20] } } })
    const report = await runRound({ repositories, environments, minerClient: playMiners(), limit: 7 })
    expect(report.outcomes.scored).toBe(7)
    const counts = await repositories.samplingTasks.count({ environment: 'echo' })
    expect(counts).toMatchObject({ claimable: 33, claimed: 0 })
  })
})
