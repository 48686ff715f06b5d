import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import {
  createMetrics,
  PENDING_GRACE_MS,
  replayOutbox,
  silentLogger,
  type ReplayResult,
} from '@subnetkit/core'
import { agentSimpleOpsContract, newHotkey } from '@subnetkit/core/contracts'
import { agentsTable, agentVersionsTable, outboxTable, weightsHistoryTable } from '@subnetkit/storage-dynamo'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { openAgentRegistry } from '../src/agents/open-agent-registry.ts'
import type { Validator } from '../src/compose.ts'
import type { AgentRegistry } from '../src/ports/agent-registry.ts'
import type { RecordRepositories, RecordStore } from '../src/ports/record-store.ts'
import { faultySteps, type FaultySteps, type StepFault } from './fixtures/faulty-steps.ts'
import { openValidator } from './fixtures/open-validator.ts'
import { openTestStore, startTestEngine, type TestEngine, type TestStore } from './fixtures/sampling-store.ts'
import { realClock } from './fixtures/sampling-subnet.ts'

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'
const tables = [agentsTable, agentVersionsTable, outboxTable, weightsHistoryTable]
const now = new Date('2026-02-03T04:05:06.345Z')

let folder = ''
let engine: TestEngine
let composed: Validator
let record: RecordStore
let store: TestStore
beforeAll(async () => {
  engine = await startTestEngine()
  folder = await mkdtemp(join(tmpdir(), 'validator-fallback-'))
  composed = await openValidator(folder, { DYNAMODB_ENDPOINT: engine.endpoint })
  record = await composed.openRecord()
  store = await openTestStore(engine, { tables })
})
afterAll(async () => {
  await store[Symbol.asyncDispose]()
  await record[Symbol.asyncDispose]()
  await composed[Symbol.asyncDispose]()
  await engine[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 })
})

function registryOver(repositories: TestStore['repositories'], copy: RecordRepositories): AgentRegistry {
  return openAgentRegistry({
    repositories,
    record: { read: async (question) => question(copy) },
    isFallbackAllowed: true,
    clock: realClock,
    newId: randomUUID,
    metrics: createMetrics({ service: 'test', version: '1' }),
    log: silentLogger,
  })
}

/** Later than any grace: whoever has not settled by then is dead. */
const muchLater = (): Date => new Date(Date.now() + PENDING_GRACE_MS + 60_000)

async function replay(
  { repositories }: Pick<TestStore, 'repositories'>,
  agentRecords = record.repositories.agentRecords,
  at = muchLater(),
): Promise<ReplayResult> {
  const { outbox } = repositories
  return await replayOutbox({ primary: repositories, record: agentRecords, outbox, now: at, limit: 1_000 })
}

/** One kind of write, on a subject of its own. */
interface Write {
  readonly put: (registry: AgentRegistry) => Promise<unknown>
  readonly find: (
    registry: Pick<RecordRepositories, 'agents' | 'agentVersions' | 'weightsSnapshots'>,
  ) => Promise<unknown>
}

function agentOf(change: Readonly<{ latestVersion?: number; agentId?: string; minerHotkey?: string }> = {}) {
  const agent = { agentId: randomUUID(), minerHotkey: newHotkey(), name: 'alpha', latestVersion: 0 }
  return { ...agent, createdAt: now, lastUpdated: now, ...change }
}

const writes: Readonly<Record<string, () => Promise<Write>>> = {
  'a new agent': async () => {
    const agent = agentOf()
    return { put: ({ agents }) => agents.put({ agent, now }), find: ({ agents }) => agents.find(agent) }
  },
  'an agent that is there': async () => {
    const agent = agentOf()
    await registryOver(store.repositories, record.repositories).agents.put({ agent, now })
    const next = { ...agent, latestVersion: 1 }
    return { put: ({ agents }) => agents.put({ agent: next, now }), find: ({ agents }) => agents.find(agent) }
  },
  'a new version': async () => {
    const { agentId } = await store.repositories.agents.put({ agent: agentOf(), now })
    const version = { versionId: randomUUID(), agentId, versionNum: 0, createdAt: now, score: 0.5 }
    return {
      put: ({ agentVersions }) => agentVersions.put({ version, now }),
      find: ({ agentVersions }) => agentVersions.find(version),
    }
  },
  'a snapshot': async () => {
    const minerWeights = [{ minerHotkey: newHotkey(), weight: 0.5 }]
    const snapshot = { id: randomUUID(), timestamp: now, timeSinceLastUpdateSeconds: null, minerWeights }
    return {
      put: async ({ weightsSnapshots }) => {
        await weightsSnapshots.put({ snapshot, now })
        return snapshot
      },
      find: ({ weightsSnapshots }) => weightsSnapshots.find(snapshot),
    }
  },
}

interface Fate extends Omit<StepFault, 'step'> {
  readonly isRetried: boolean
}

const fates: readonly Fate[] = (['before', 'after'] as const).flatMap((moment) =>
  (['kill', 'once'] as const).flatMap((kind) =>
    [true, false].map((isRetried) => ({ moment, kind, isRetried })),
  ),
)

/** Writes and replays in a process that fails at a step; then others go on, and both stores must say the same. */
async function failAt(write: Write, fault: StepFault, isRetried: boolean): Promise<FaultySteps> {
  const steps = faultySteps(fault)
  await using own = await openTestStore(engine, { wrap: steps.wrap, tablePrefix: store.tablePrefix, tables })
  const [outcome] = await Promise.allSettled([write.put(registryOver(own.repositories, record.repositories))])
  if (outcome.status === 'rejected') {
    expect(outcome.reason).toMatchObject({ code: 'unavailable' })
    const { applied } = outcome.reason.details
    expect(applied).toMatch(/^(no|unknown)$/)
  }
  await Promise.allSettled([replay(own, steps.record(record.repositories.agentRecords))])
  const acknowledged = isRetried
    ? await write.put(registryOver(store.repositories, record.repositories))
    : outcome.status === 'fulfilled'
      ? outcome.value
      : null
  expect(await replay(store)).toMatchObject({ failed: [], waiting: 0, isDone: true })
  expect(await store.repositories.outbox.count()).toBe(0)
  const decided = await write.find(store.repositories)
  expect(await write.find(record.repositories)).toStrictEqual(decided)
  if (acknowledged !== null) expect(decided).toStrictEqual(acknowledged)
  return steps
}

describe('the simple operations through the registry with a fallback', () => {
  let own: TestStore
  afterAll(async () => own[Symbol.asyncDispose]())
  agentSimpleOpsContract({
    setup: async () => {
      own = await openTestStore(engine, { tables })
      return registryOver(own.repositories, record.repositories)
    },
  })
})

// To be killed is to stop at a step: what a process had sent before is done, and nothing comes after it.
it.each(Object.keys(writes))('leaves both stores equal, wherever the write of %s stops', async (name) => {
  let stopped = 0
  // Outside the soak each step has one fate, and all but one kind of write are stopped at every other step.
  const stride = isSoak || name === 'a new agent' ? 1 : 2
  for (let step = 1; ; step += stride) {
    const chosen = isSoak
      ? fates
      : fates.filter((_fate, index) => index === (3 * step + stopped) % fates.length)
    let hasFailed = false
    for (const { isRetried, ...fault } of chosen) {
      const write = await writes[name]?.()
      if (write === undefined) expect.unreachable()
      const steps = await failAt(write, { ...fault, step }, isRetried)
      hasFailed ||= steps.hasFailed
    }
    if (!hasFailed) break
    stopped += 1
  }
  // At least: announce, look, write, settle; read, put, remove.
  expect(stopped).toBeGreaterThanOrEqual(Math.floor(7 / stride))
})

it('says of a write that failed what became of it', async () => {
  const { put, find } = (await writes['a new agent']?.()) ?? expect.unreachable()
  for (const [step, applied] of [
    [1, 'no'],
    [2, 'unknown'],
  ] as const) {
    const steps = faultySteps({ step, moment: 'before', kind: 'kill' })
    await using own = await openTestStore(engine, {
      wrap: steps.wrap,
      tablePrefix: store.tablePrefix,
      tables,
    })
    await expect(put(registryOver(own.repositories, record.repositories))).rejects.toMatchObject({
      code: 'unavailable',
      details: { applied },
    })
  }
  expect(await find(store.repositories)).toBeNull()
  expect(await replay(store, record.repositories.agentRecords, new Date())).toMatchObject({ waiting: 1 })
  expect(await replay(store)).toMatchObject({ replayed: 1, waiting: 0, isDone: true })
  expect(await find(record.repositories)).toBeNull()
})

it('never brings back what an old replay read, however late it puts it', async () => {
  const agent = agentOf()
  const registry = registryOver(store.repositories, record.repositories)
  await registry.agents.put({ agent, now })
  const { agentRecords } = record.repositories
  let wake = (): void => undefined
  const held = new Promise<void>((resolve) => {
    wake = resolve
  })
  let reached = (): void => undefined
  const isHeld = new Promise<void>((resolve) => {
    reached = resolve
  })
  const slow = replay(store, {
    ...agentRecords,
    putAgents: async (...given) => {
      reached()
      await held
      return await agentRecords.putAgents(...given)
    },
  })
  await isHeld
  const next = { ...agent, latestVersion: 7 }
  await registry.agents.put({ agent: next, now })
  expect(await replay(store)).toMatchObject({ isDone: true })
  wake()
  await slow
  expect(await record.repositories.agents.find(agent)).toStrictEqual(next)
  expect(await store.repositories.outbox.count()).toBe(0)
})

it('ends equal after writers at once and replays in between', async () => {
  const agent = agentOf()
  const writer = async (first: number): Promise<void> => {
    const registry = registryOver(store.repositories, record.repositories)
    for (let turn = 0; turn < (isSoak ? 40 : 6); turn += 1) {
      await registry.agents.put({ agent: { ...agent, latestVersion: first + turn }, now })
    }
  }
  const ended = new AbortController()
  const replayer = async (): Promise<void> => {
    while (!ended.signal.aborted) await replay(store)
  }
  const replaying = [replayer(), replayer()]
  await Promise.all([writer(0), writer(100)])
  ended.abort()
  await Promise.all(replaying)
  expect(await replay(store)).toMatchObject({ failed: [], isDone: true })
  expect(await record.repositories.agents.find(agent)).toStrictEqual(
    await store.repositories.agents.find(agent),
  )
  expect(await store.repositories.outbox.count()).toBe(0)
})

it('goes on reading from the record when the tables stop answering, and tells what it does not have', async () => {
  const agent = agentOf()
  await registryOver(store.repositories, record.repositories).agents.put({ agent, now })
  await replay(store)
  await using silent = await openTestStore(
    { ...engine, endpoint: 'http://127.0.0.1:9' },
    { tablePrefix: store.tablePrefix, tables },
  )
  const down = registryOver(silent.repositories, record.repositories)
  expect(await down.agents.find(agent)).toStrictEqual(agent)
  expect(await down.agents.findByHotkey({ minerHotkey: newHotkey() })).toBeNull()
  await expect(down.agents.put({ agent, now })).rejects.toMatchObject({
    code: 'unavailable',
    details: { applied: 'no' },
  })
})
