import { silentLogger } from '@subnetkit/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { environmentSettingsSchema } from '../src/sampling/environment-settings.ts'
import { readMiners } from '../src/sampling/sampled-miners.ts'
import { type PassReport, Scheduler } from '../src/sampling/scheduler.ts'
import { countReads } from './fixtures/counting-calls.ts'
import { openTestStore, sharedEngine, type TestStore } from './fixtures/sampling-store.ts'
import { hotkeyOf, realClock, registrationOf, validatorHotkey } from './fixtures/sampling-subnet.ts'

const MINERS = 2
const PRESENT = 60

const engine = sharedEngine()
let store: TestStore
const reads = { requests: 0, items: 0 }
beforeAll(async () => {
  store = await openTestStore(engine, { wrap: countReads(reads) })
  const { repositories } = store
  const now = new Date()
  for (let miner = 0; miner < MINERS; miner += 1) {
    const minerHotkey = hotkeyOf(miner)
    await repositories.miners.put({ registration: registrationOf(minerHotkey), now })
    const samples = Array.from({ length: PRESENT }, (_, taskId) => ({
      sample: {
        minerHotkey,
        modelRevision: 'r1',
        environment: 'echo',
        generation: 0,
        taskId,
        uid: null,
        modelName: 'm',
        modelHash: 'h',
        subset: 's',
        datasetIndex: taskId,
        score: 1,
        success: true,
        latencyMs: 1,
        takenAt: now,
        validatorHotkey,
        blockNumber: 0,
        signature: null,
      },
      conversation: { messages: [], details: {} },
      sharedPrompt: null,
    }))
    await repositories.samples.putBatch({ samples })
  }
})
afterAll(async () => {
  await store[Symbol.asyncDispose]()
})

function schedulerOf(repositories: TestStore['repositories']): Scheduler {
  return new Scheduler({ repositories, clock: realClock, random: () => 0, log: silentLogger })
}

async function pass(
  scheduler: Scheduler,
  settings: Readonly<Record<string, unknown>>,
): Promise<PassReport & { readonly items: number }> {
  const { sampled } = await readMiners(store.repositories.miners, new Date())
  const before = reads.items
  const report = await scheduler.pass({
    environments: [
      { name: 'echo', settings: environmentSettingsSchema.parse({ countedFrom: 0, ...settings }) },
    ],
    miners: sampled,
    concurrency: 4,
    signal: new AbortController().signal,
  })
  return { ...report, items: reads.items - before }
}

describe('a pass of the scheduler', () => {
  it('makes what is missing, reads far less than there is, and nothing of what it remembers', async () => {
    const scheduler = schedulerOf(store.repositories)
    const range = { samplingRange: [0, PRESENT + 10], maxOpenTasks: 4 }
    const first = await pass(scheduler, range)
    expect(first).toMatchObject({ scopes: MINERS, complete: 0, created: 4 * MINERS })
    expect(first.incomplete.map(({ missing }) => missing)).toEqual([10, 10])
    expect(first.incomplete[0]?.openTaskIds).toEqual([60, 61, 62, 63])

    const full = await pass(scheduler, range)
    expect(full).toMatchObject({ created: 0, items: 4 * MINERS })
    expect(full.incomplete.map(({ missing }) => missing)).toEqual([null, null])

    const more = await pass(scheduler, { ...range, maxOpenTasks: 5 })
    expect(more).toMatchObject({ created: MINERS })
    expect(more.items).toBeLessThanOrEqual(2 * MINERS * (PRESENT + 4))
    // One item for up to 256 present ids, one key for each open task.
    expect(more.items).toBe(MINERS * (1 + 4))

    const narrow = schedulerOf(store.repositories)
    const open = await pass(narrow, { samplingRange: [0, PRESENT], generation: 2 })
    expect(open).toMatchObject({ complete: MINERS, created: 0, incomplete: [] })
    expect(await pass(narrow, { samplingRange: [0, PRESENT], generation: 2 })).toMatchObject({
      complete: MINERS,
      items: 0,
    })
    expect(await pass(narrow, { samplingRange: [0, PRESENT + 1], generation: 2 })).toMatchObject({
      created: MINERS,
    })
  })

  it('is not held up for ever by finished tasks whose samples were removed', async () => {
    const scheduler = schedulerOf(store.repositories)
    const settings = { samplingRange: [100, 110], generation: 3, maxOpenTasks: 2 }
    expect(await pass(scheduler, settings)).toMatchObject({ created: 2 * MINERS })
    const { samplingTasks } = store.repositories
    const now = new Date()
    const claim = { environment: 'echo', owner: 'w', claimId: 'gone', limit: 100, leaseMs: 60_000, now }
    for (const task of await samplingTasks.claim(claim)) {
      const { minerHotkey, modelRevision, environment, generation, taskId } = task
      const key = { minerHotkey, modelRevision, environment, generation, taskId }
      await samplingTasks.complete({ key, token: 'gone', now, sampleId: '0'.repeat(32) })
    }
    expect(await pass(scheduler, settings)).toMatchObject({ created: 0 })
    expect(await pass(scheduler, settings)).toMatchObject({ created: 2 * MINERS })
  })

  it('revokes what is open when the model changes, and asks the new one', async () => {
    const scheduler = schedulerOf(store.repositories)
    const settings = { samplingRange: [0, 3], generation: 4, countedFrom: 4 }
    expect(await pass(scheduler, settings)).toMatchObject({ created: 3 * MINERS, revoked: 0 })
    const registration = registrationOf(hotkeyOf(0), {
      modelHash: 'other',
      modelRevision: 'r2',
      lastBlock: 2,
    })
    await store.repositories.miners.put({ registration, now: new Date() })
    const changed = await pass(scheduler, settings)
    expect(changed.created).toBe(3)
    expect(changed.revoked).toBeGreaterThanOrEqual(3)
  })
})
