import { randomUUID } from 'node:crypto'

import {
  createClock,
  createFallbackMetrics,
  createMetrics,
  silentLogger,
  withFallback,
} from '@subnetkit/core'
import { agentNow as now, buildAgent } from '@subnetkit/core/contracts'
import { expect, it } from 'vitest'

import { agentsTable, createDynamoRepositories, outboxTable } from '../src/index.ts'
import { describeOnEachEngine } from '../test/engine.ts'
import { openConnection } from '../test/open-connection.ts'

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3)
const CALLS = 100

async function millisecondsOf(call: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now()
  for (let turn = 0; turn < CALLS; turn += 1) await call()
  return (performance.now() - startedMs) / CALLS
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

describeOnEachEngine('a registry with a fallback over the plain one', (engine) => {
  it('costs what the wrapping and two entries cost', async () => {
    await using opened = await openConnection(engine, [agentsTable, outboxTable])
    const plain = createDynamoRepositories(opened.connection)
    const { agents, agentVersions, weightsSnapshots, outbox } = plain
    const wrapped = withFallback({
      primary: { agents, agentVersions, weightsSnapshots },
      fallback: { read: async () => expect.unreachable() },
      outbox,
      isFallbackAllowed: () => true,
      clock: createClock({ now: () => Date.now(), monotonicMs: () => performance.now() }),
      newId: randomUUID,
      metrics: createFallbackMetrics(createMetrics({ service: 'bench', version: '1' })),
      log: silentLogger,
    })
    const agent = buildAgent()
    await agents.put({ agent, now })
    const calls = {
      'find, plain': async () => agents.find(agent),
      'find, wrapped': async () => wrapped.agents.find(agent),
      'put, plain': async () => agents.put({ agent, now }),
      'put, wrapped': async () => wrapped.agents.put({ agent, now }),
    }
    const taken = Object.entries(calls).map(([name, call]) => ({ name, call, ms: new Array<number>() }))
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const { call, ms } of taken) ms.push(await millisecondsOf(call))
    }
    for (const { name, ms } of taken) {
      console.log(`${name}: ${median(ms).toFixed(3)} ms, least ${Math.min(...ms).toFixed(3)} ms`)
    }
    expect(await outbox.count()).toBe(ROUNDS * CALLS)
  })
})
