import { type SamplingTask, silentLogger } from '@subnetkit/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { keyOf, storeAttempt, type StoreAttemptDeps } from '../src/sampling/store-attempt.ts'
import { workTask } from '../src/sampling/work-task.ts'
import { parseSamplingSettings } from '../src/sampling/sampling-settings.ts'
import { failingCalls } from './fixtures/failing-calls.ts'
import { openTestStore, samplingTables, sharedEngine, type TestStore } from './fixtures/sampling-store.ts'
import {
  echoEnvironment,
  hotkeyOf,
  playMiners,
  realClock,
  registrationOf,
  samplesOf,
  validatorHotkey,
} from './fixtures/sampling-subnet.ts'

const engine = sharedEngine()
let store: TestStore
beforeAll(async () => {
  store = await openTestStore(engine, { tables: samplingTables })
})
afterAll(async () => {
  await store[Symbol.asyncDispose]()
})

const settings = parseSamplingSettings(new Map())
const environment = echoEnvironment('echo')
const leaseMs = 60_000
let miners = 0

/** A miner of the test's own with one claimed task. */
async function claimOne(maxAttempts = 5): Promise<SamplingTask> {
  const hotkey = hotkeyOf((miners += 1))
  const { repositories } = store
  const now = new Date()
  await repositories.miners.put({ registration: registrationOf(hotkey), now })
  const scope = { minerHotkey: hotkey, modelRevision: 'r1', environment: 'echo', generation: 1 }
  const modelHash = `hash of ${hotkey}`
  await repositories.samplingTasks.create({
    tasks: [{ ...scope, taskId: 7, modelHash, priority: 1, maxAttempts }],
    now,
  })
  return await claimAgain(hotkey, 'first', now)
}

async function claimAgain(hotkey: string, claimId: string, now: Date): Promise<SamplingTask> {
  const tasks = await store.repositories.samplingTasks.claim({
    environment: 'echo',
    owner: claimId,
    claimId: `${claimId}-${hotkey}`,
    limit: 1,
    leaseMs,
    now,
  })
  const [task] = tasks
  expect(task?.minerHotkey).toBe(hotkey)
  if (task === undefined) throw new Error('nothing was claimable')
  return task
}

/** The process that holds the task dies at its n-th write, before it or right after. */
function dyingAt(write: number, fate: 'before' | 'after'): Parameters<typeof openTestStore>[1] {
  let writes = 0
  let isDead = false
  const isWrite = (operation: string): boolean =>
    ['put', 'update', 'delete', 'batchWrite'].includes(operation)
  return {
    tablePrefix: store.tablePrefix,
    wrap: failingCalls((operation) => {
      if (isDead) return 'before'
      if (!isWrite(operation) || (writes += 1) !== write) return null
      isDead = true
      return fate
    }),
  }
}

/** Works on a claimed task as a worker does, without any patience. */
async function work(
  repositories: TestStore['repositories'],
  task: SamplingTask,
  minerClient = playMiners(),
  worker = 'w1',
): ReturnType<typeof workTask> {
  const signal = new AbortController().signal
  const held = { task, token: task.lease?.token ?? '', signal }
  return await workTask(
    {
      repositories,
      environments: new Map([['echo', environment]]),
      minerClient,
      // Nobody waits for a process that is dead.
      clock: { ...realClock, sleep: async () => await Promise.reject(new Error('dead')) },
      random: () => 0,
      log: silentLogger,
      worker,
      validatorHotkey,
      blockNumberAt: () => 0,
    },
    held,
    settings,
  )
}

async function stateOf(task: SamplingTask): Promise<unknown> {
  const { repositories } = store
  const hotkey = task.minerHotkey
  const window = { from: new Date(0), to: new Date(Date.now() + 600_000), now: new Date() }
  const [miner, logs, samples, present] = await Promise.all([
    repositories.miners.find({ hotkey }),
    repositories.executionLogs.list({ minerHotkey: hotkey, ...window, limit: 10 }),
    samplesOf(repositories, hotkey, 'echo'),
    repositories.samples.listPresentTaskIds({
      scope: { minerHotkey: hotkey, modelRevision: 'r1', environment: 'echo' },
      fromGeneration: 0,
      toGeneration: 9,
    }),
  ])
  return {
    counted: miner?.statistics.totalSamples,
    logged: logs.items.map(({ outcome, attempt }) => `${outcome} ${attempt}`),
    stored: samples.length,
    present,
  }
}

const done = { counted: 1, logged: ['scored 1'], stored: 1, present: [7] }

describe('a worker that is killed at any of its writes', () => {
  const writes = Array.from({ length: 7 }, (_, index) => index + 1)
  it.each(writes.flatMap((write) => [[write, 'before'] as const, [write, 'after'] as const]))(
    'write %i, %s: the next one loses nothing, doubles nothing, and asks again only what was not stored',
    async (write, fate) => {
      const task = await claimOne()
      await using dying = await openTestStore(engine, dyingAt(write, fate))
      await work(dying.repositories, task).catch(() => undefined)
      const wasStored = (await samplesOf(store.repositories, task.minerHotkey, 'echo')).length === 1

      const later = new Date(Date.now() + leaseMs + 5_000)
      const { status } = (await store.repositories.samplingTasks.find({ key: keyOf(task), now: later })) ?? {}
      if (status !== 'completed') {
        await store.repositories.samplingTasks.sweep({ environment: 'echo', now: later })
        const again = await claimAgain(task.minerHotkey, 'second', later)
        const minerClient = playMiners()
        const outcome = await work(store.repositories, again, minerClient, 'w2')
        expect(outcome).toBe(wasStored ? 'settled' : 'scored')
        expect(minerClient.asked.size).toBe(wasStored ? 0 : 1)
      }
      expect(await stateOf(task)).toEqual({
        ...done,
        logged: [wasStored ? 'scored 1' : 'scored 2'],
      })
      const end = await store.repositories.samplingTasks.find({ key: keyOf(task), now: later })
      expect(end?.status).toBe('completed')
    },
  )

  it('writes as often as this test believes', async () => {
    let count = 0
    await using counting = await openTestStore(engine, {
      tablePrefix: store.tablePrefix,
      wrap: failingCalls((operation) => {
        if (['put', 'update', 'delete', 'batchWrite'].includes(operation)) count += 1
        return null
      }),
    })
    expect(await work(counting.repositories, await claimOne())).toBe('scored')
    expect(count).toBe(writes.length)
  })
})

describe('an answer that comes too late', () => {
  it('of a revoked task never becomes a sample, and the log says why', async () => {
    const task = await claimOne()
    const { repositories } = store
    const warnings: string[] = []
    const deps: StoreAttemptDeps = {
      repositories,
      log: { ...silentLogger, warn: (_details, message) => void warnings.push(message) },
      now: () => new Date(),
      step: async (_name, run) => await run(),
    }
    await repositories.samplingTasks.revoke({
      minerHotkey: task.minerHotkey,
      exceptModelHash: 'another',
      now: new Date(),
    })
    const stored = await storeAttempt(deps, attemptOf(task))
    expect(stored).toEqual({ kind: 'lost', reason: 'revoked' })
    expect(warnings).toEqual([
      'an answer came too late and is dropped: it was revoked, because the miner serves another model',
    ])
    expect(await stateOf(task)).toEqual({ counted: 0, logged: [], stored: 0, present: [] })
  })

  it('after the lease ran out leaves the sample of the worker that was faster', async () => {
    const task = await claimOne()
    const later = new Date(Date.now() + leaseMs + 5_000)
    await store.repositories.samplingTasks.sweep({ environment: 'echo', now: later })
    const again = await claimAgain(task.minerHotkey, 'second', later)
    expect(await work(store.repositories, again)).toBe('scored')
    const deps: StoreAttemptDeps = {
      repositories: store.repositories,
      log: silentLogger,
      now: () => later,
      step: async (_name, run) => await run(),
    }
    expect(await storeAttempt(deps, attemptOf(task))).toEqual({ kind: 'lost', reason: 'completed' })
    expect(await work(store.repositories, task)).toBe('settled')
    expect(await stateOf(task)).toEqual({ ...done, logged: ['scored 2'] })
  })

  it('of a worker whose lease was good at the last look is superseded by what is stored', async () => {
    const task = await claimOne()
    const deps: StoreAttemptDeps = {
      repositories: store.repositories,
      log: silentLogger,
      now: () => new Date(),
      step: async (name, run) => {
        // Between the look at the lease and the put, another worker's sample arrives.
        if (name === 'store sample') {
          const { sample, conversation, sharedPrompt } = attemptOf(task, 'other')
          await store.repositories.samples.put({
            sample: { ...sample, score: 0.25 },
            conversation,
            sharedPrompt,
          })
        }
        return await run()
      },
    }
    const stored = await storeAttempt(deps, attemptOf(task))
    expect(stored).toMatchObject({ kind: 'superseded', sample: { score: 0.25 } })
    const [sample] = await samplesOf(store.repositories, task.minerHotkey, 'echo')
    expect(sample?.score).toBe(0.25)
  })
})

function attemptOf(task: SamplingTask, worker = 'late'): Parameters<typeof storeAttempt>[1] {
  return {
    task,
    token: task.lease?.token ?? '',
    leaseMs,
    attempt: { number: task.attempts, worker, outcome: 'scored', error: null },
    sample: {
      ...keyOf(task),
      uid: null,
      modelName: 'm',
      modelHash: task.modelHash,
      subset: 'echo',
      datasetIndex: 7,
      score: 1,
      success: true,
      latencyMs: 5,
      takenAt: new Date(),
      validatorHotkey,
      blockNumber: 0,
      signature: null,
    },
    conversation: { messages: [{ role: 'assistant', content: worker }], details: {} },
    sharedPrompt: null,
    pauseAfterErrors: 10,
  }
}
