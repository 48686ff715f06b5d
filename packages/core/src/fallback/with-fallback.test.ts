import { describe, expect, it } from 'vitest'

import { buildAgent } from '../contracts/agent-builders.ts'
import { StorageError, type StorageErrorCode } from '../errors/storage-error.ts'
import type { OutboxEntry } from '../models/outbox-entry.ts'
import { createMetrics } from '../observability/create-metrics.ts'
import { silentLogger } from '../observability/logger.ts'
import type { CallOptions } from '../repositories/call-options.ts'
import { createManualClock } from '../tasks/manual-clock.ts'
import { createFallbackMetrics } from './fallback-metrics.ts'
import type { CopiedRegistry } from './registry-methods.ts'
import { withFallback } from './with-fallback.ts'

const agent = buildAgent()
const now = agent.createdAt

function failure(code: StorageErrorCode): StorageError {
  return new StorageError({ code, message: `primary: ${code}` })
}

function failing(error: Error): () => Promise<never> {
  return async () => {
    throw error
  }
}

/** What a store answers to each call; tests change it on the way. */
interface Answers {
  find: (options: CallOptions | undefined) => Promise<typeof agent | null>
  put: () => Promise<typeof agent>
  outbox: (entry: OutboxEntry) => Promise<void>
}

function setup(isFallbackAllowed = true) {
  const clock = createManualClock(now.getTime())
  let frozenMs = 0
  const metrics = createMetrics({ service: 'test', version: '1' })
  const lines: string[] = []
  const entries: OutboxEntry[] = []
  const keep = (_fields: unknown, message: string): void => void lines.push(message)
  const primary: Answers = {
    find: async () => agent,
    put: async () => agent,
    outbox: async (entry) => void entries.push(entry),
  }
  const copy = { find: async (): Promise<typeof agent | null> => null }
  const asked = { primary: 0, copy: 0 }
  const never = async (): Promise<never> => expect.unreachable()
  const registryOf = (
    find: (options: CallOptions | undefined) => Promise<typeof agent | null>,
    put: () => Promise<typeof agent>,
  ): CopiedRegistry => ({
    agents: {
      find: async (_params, options) => find(options),
      put,
      findByHotkey: never,
      count: async () => 3,
    },
    agentVersions: { find: never, findLatest: never, put: never },
    weightsSnapshots: { find: never, findLatest: never, findTopMiner: never, put: never },
    agentAnalyses: {
      findLatestExecution: never,
      findLeader: never,
      findSummary: async () => null,
      getStatistics: never,
      getTopMinerShare: never,
      listAgents: never,
      listQueuePlaces: never,
      listRecentExecutions: never,
      listTopAgents: never,
      listVersionExecutions: never,
      listWeightsHistory: never,
    },
  })
  const { agentAnalyses: _copyAlone, ...decided } = registryOf(
    async (options) => {
      asked.primary += 1
      return primary.find(options)
    },
    async () => primary.put(),
  )
  const copied = registryOf(async () => {
    asked.copy += 1
    return copy.find()
  }, never)
  const registry = withFallback({
    primary: { ...decided, own: 'kept' },
    fallback: { read: async (question) => question(copied) },
    outbox: {
      put: async ({ entry }) => primary.outbox(entry),
      list: never,
      remove: never,
      count: never,
    },
    isFallbackAllowed: () => isFallbackAllowed,
    clock: { ...clock, monotonicMs: () => clock.monotonicMs() + frozenMs },
    newId: () => agent.agentId,
    metrics: createFallbackMetrics(metrics),
    log: { ...silentLogger, warn: keep, info: keep },
    settings: { readLimitMs: 100, writeLimitMs: 200, breaker: { failures: 3, openMs: 1_000 } },
  })
  /** As a process that is stopped and goes on: its timers have not fired yet. */
  const freeze = (ms: number): void => {
    frozenMs += ms
  }
  return { registry, primary, copy, asked, clock, lines, entries, metrics, freeze }
}

describe('a read', () => {
  it('takes what the primary says: an agent, null, and refusals unchanged', async () => {
    const { registry, primary, asked } = setup()
    expect(await registry.agents.find(agent)).toBe(agent)
    primary.find = async () => null
    expect(await registry.agents.find(agent)).toBeNull()
    for (const code of ['not_found', 'conflict', 'invalid_input', 'corrupt_row', 'bad_query'] as const) {
      const refused = failure(code)
      primary.find = failing(refused)
      await expect(registry.agents.find(agent)).rejects.toBe(refused)
    }
    const bug = new TypeError('bug')
    primary.find = failing(bug)
    await expect(registry.agents.find(agent)).rejects.toBe(bug)
    expect(asked.copy).toBe(0)
  })

  it.each(['unavailable', 'timeout', 'throttled'] as const)('is answered by the copy on %s', async (code) => {
    const { registry, primary, copy, metrics } = setup()
    primary.find = failing(failure(code))
    expect(await registry.agents.find(agent)).toBeNull()
    copy.find = async () => agent
    expect(await registry.agents.find(agent)).toBe(agent)
    expect(await metrics.text()).toContain(
      'subnetkit_fallbacks_total{operation="agents.find",service="test"} 2',
    )
  })

  it('waits for a primary that hangs no longer than its limit, whether it looks at the signal or not', async () => {
    const { registry, primary, clock } = setup()
    primary.find = async () => Promise.race<never>([])
    const answer = registry.agents.find(agent)
    await clock.advance(100)
    expect(await answer).toBeNull()
  })

  it('fails as the primary failed when the copy fails too, or is switched off', async () => {
    const both = setup()
    const copys = failure('missing_schema')
    both.primary.find = failing(failure('throttled'))
    both.copy.find = failing(copys)
    await expect(both.registry.agents.find(agent)).rejects.toMatchObject({ code: 'throttled', cause: copys })
    const off = setup(false)
    const failed = failure('unavailable')
    off.primary.find = failing(failed)
    await expect(off.registry.agents.find(agent)).rejects.toBe(failed)
    expect(off.asked.copy).toBe(0)
  })

  it('gives a caller that gives up its own reason, and asks nobody else', async () => {
    const { registry, primary, asked } = setup()
    const reason = new Error('enough')
    const aborted = new AbortController()
    primary.find = async () => Promise.race<never>([])
    const answer = registry.agents.find(agent, { signal: aborted.signal })
    aborted.abort(reason)
    await expect(answer).rejects.toBe(reason)
    await expect(registry.agents.find(agent, { signal: aborted.signal })).rejects.toBe(reason)
    expect(asked).toStrictEqual({ primary: 1, copy: 0 })
  })

  it('stops asking after failures in a row, tries by one call, and says each switch once', async () => {
    const { registry, primary, asked, clock, lines } = setup()
    primary.find = failing(failure('unavailable'))
    for (let call = 0; call < 10; call += 1) expect(await registry.agents.find(agent)).toBeNull()
    expect(asked).toStrictEqual({ primary: 3, copy: 10 })
    await clock.advance(1_000)
    await Promise.all(Array.from({ length: 5 }, async () => registry.agents.find(agent)))
    expect(asked.primary).toBe(4)
    expect(lines).toHaveLength(1)
    primary.find = async () => agent
    await clock.advance(1_000)
    expect(await registry.agents.find(agent)).toBe(agent)
    expect(await registry.agents.find(agent)).toBe(agent)
    expect(lines).toStrictEqual([
      'the primary of the agent registry does not answer',
      'the primary of the agent registry answers again',
    ])
  })
})

describe('a write', () => {
  it('is announced before and settled after, and its answer is the primary’s', async () => {
    const { registry, entries, primary } = setup()
    primary.put = async () => {
      expect(entries.map(({ state }) => state)).toStrictEqual(['pending'])
      return agent
    }
    expect(await registry.agents.put({ agent, now })).toBe(agent)
    const subject = { kind: 'agent', agentId: agent.agentId }
    expect(entries).toMatchObject([
      { subject, state: 'pending' },
      { subject, state: 'settled' },
    ])
  })

  it('is not begun without the outbox, and stays pending while it may still land', async () => {
    const { registry, entries, primary } = setup()
    primary.put = failing(failure('unavailable'))
    await expect(registry.agents.put({ agent, now })).rejects.toMatchObject({
      code: 'unavailable',
      details: { applied: 'unknown' },
    })
    expect(entries.map(({ state }) => state)).toStrictEqual(['pending'])
    primary.outbox = failing(failure('timeout'))
    primary.put = async () => expect.unreachable()
    await expect(registry.agents.put({ agent, now })).rejects.toMatchObject({
      code: 'unavailable',
      details: { applied: 'no' },
    })
  })

  it('is refused unchanged, with its entry settled, and never goes to the copy', async () => {
    const { registry, entries, primary } = setup()
    const taken = failure('conflict')
    primary.put = failing(taken)
    await expect(registry.agents.put({ agent, now })).rejects.toBe(taken)
    expect(entries.map(({ state }) => state)).toStrictEqual(['pending', 'settled'])
  })

  it('stands when its entry cannot be settled', async () => {
    const { registry, primary } = setup()
    primary.outbox = async ({ state }) => {
      if (state === 'settled') throw failure('unavailable')
    }
    expect(await registry.agents.put({ agent, now })).toBe(agent)
  })

  it('of an id that cannot be leaves no entry', async () => {
    const { registry, entries } = setup()
    const put = registry.agents.put({ agent: { ...agent, agentId: 'x' }, now })
    await expect(put).rejects.toMatchObject({ code: 'invalid_input', details: { field: 'agentId' } })
    expect(entries).toStrictEqual([])
  })

  it('is not begun by a process that was held up after it announced it', async () => {
    const { registry, primary, freeze } = setup()
    primary.outbox = async () => freeze(500)
    primary.put = async () => expect.unreachable()
    await expect(registry.agents.put({ agent, now })).rejects.toMatchObject({ code: 'unavailable' })
  })
})

it('keeps what only one store has: the primary’s as it is, the copy’s asked of the copy', async () => {
  const { registry, primary } = setup(false)
  primary.find = failing(failure('unavailable'))
  expect(registry.own).toBe('kept')
  expect(await registry.agentAnalyses.findSummary(agent)).toBeNull()
  expect(await registry.agents.count()).toBe(3)
})
