import { agentWorkedSetContract } from '@subnetkit/core/contracts'
import type { AgentAnalysisRepository } from '@subnetkit/core'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { createClickHouseAgentRepositories, type ClickHouseAgentRepositories } from '../src/index.ts'
import { describeOnEachEngine } from './engine.ts'
import {
  plainAgents,
  plainLatestExecution,
  plainLeader,
  plainQueuePlaces,
  plainRecentExecutions,
  plainStatistics,
  plainSummary,
  plainTopAgents,
  plainTopMinerShare,
  plainVersionExecutions,
  plainWeightsHistory,
} from './plain-agent-analysis.ts'
import { minerHotkeys, randomRegistry, registryStart, type RandomRegistry } from './random-agent-registry.ts'
import { openValidatorStore, type ValidatorStore } from './validator-store.ts'

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'
const HOUR = 3_600_000
const writer = { now: (): number => registryStart, writerId: 9 }

describeOnEachEngine('the analysis of the agent registry', (engine) => {
  let store: ValidatorStore
  beforeAll(async () => {
    store = await openValidatorStore(engine)
  })
  afterAll(async () => {
    await store.close()
  })
  agentWorkedSetContract({
    setup: async () => createClickHouseAgentRepositories(store.connection, writer),
  })

  it.each(
    isSoak
      ? [
          [1, 15],
          [5, 4],
        ]
      : [[1, 1]],
  )(
    'answers as a plain reading of the rules does, on registries of size %i',
    { timeout: isSoak ? 600_000 : 120_000 },
    async (times, numRuns) => {
      const property = fc.asyncProperty(randomRegistry(times), async (registry) => {
        await using opened = await openValidatorStore(engine)
        const { agentAnalyses, agentRecords } = createClickHouseAgentRepositories(opened.connection, writer)
        await putTwice(agentRecords, registry)
        for (const check of [checkLists, checkAgents, checkVersions, checkTimes]) {
          await check(agentAnalyses, registry)
        }
      })
      await fc.assert(property, { seed: 5, numRuns, endOnFailure: true })
    },
  )
})

/** Each row as it was before, then as it is: what was before must not be seen any more. */
async function putTwice(
  records: ClickHouseAgentRepositories['agentRecords'],
  { agents, versions, evaluations, runs, snapshots }: RandomRegistry,
): Promise<void> {
  const before = { status: 'waiting', score: null } as const
  await records.putAgents({ agents: agents.map((agent) => ({ ...agent, latestVersion: 9 })) })
  await records.putVersions({ versions: versions.map((version) => ({ ...version, score: 0.99 })) })
  await records.putEvaluations({ evaluations: evaluations.map((one) => ({ ...one, ...before })) })
  await records.putRuns({ runs: runs.map((run) => ({ ...run, status: 'started', solved: null })) })
  await records.putAgents({ agents })
  await records.putVersions({ versions })
  await records.putEvaluations({ evaluations })
  await records.putRuns({ runs })
  await records.putSnapshots({ snapshots })
}

async function checkLists(ask: AgentAnalysisRepository, rows: RandomRegistry): Promise<void> {
  for (const limit of [1, 4, 1_000]) {
    expect(await ask.listTopAgents({ limit })).toStrictEqual(plainTopAgents(rows, limit))
    expect(await ask.listRecentExecutions({ limit })).toStrictEqual(plainRecentExecutions(rows, limit))
  }
  const first = await ask.listAgents({ limit: 3 })
  const rest =
    first.nextCursor === null ? [] : (await ask.listAgents({ limit: 99, cursor: first.nextCursor })).items
  expect([...first.items, ...rest]).toStrictEqual(plainAgents(rows))
  for (const minValidators of [1, 3]) {
    for (const tolerance of [0, 0.3, 1]) {
      const params = { minValidators, tolerance }
      expect(await ask.findLeader(params)).toStrictEqual(plainLeader(rows, params))
    }
  }
}

async function checkAgents(ask: AgentAnalysisRepository, rows: RandomRegistry): Promise<void> {
  for (const agentId of rows.agentIds) {
    expect(await ask.findLatestExecution({ agentId })).toStrictEqual(plainLatestExecution(rows, agentId))
    const byId = plainSummary(rows, (agent) => agent.agentId === agentId)
    expect(await ask.findSummary({ agentId })).toStrictEqual(byId)
  }
  for (const minerHotkey of minerHotkeys) {
    const byHotkey = plainSummary(rows, (agent) => agent.minerHotkey === minerHotkey)
    expect(await ask.findSummary({ minerHotkey })).toStrictEqual(byHotkey)
  }
}

async function checkVersions(ask: AgentAnalysisRepository, rows: RandomRegistry): Promise<void> {
  for (const versionId of rows.versionIds) {
    const executions = plainVersionExecutions(rows, versionId)
    expect(await ask.listVersionExecutions({ versionId })).toStrictEqual(executions)
    expect(await ask.listQueuePlaces({ versionId })).toStrictEqual(plainQueuePlaces(rows, versionId))
  }
}

/** Moments at which something happens and a day later, and others. */
async function checkTimes(ask: AgentAnalysisRepository, rows: RandomRegistry): Promise<void> {
  for (const hours of [-1, 16, 35, 64]) {
    const now = new Date(registryStart + hours * HOUR)
    expect(await ask.getStatistics({ now })).toStrictEqual(plainStatistics(rows, now))
    expect(await ask.listWeightsHistory({ now })).toStrictEqual(plainWeightsHistory(rows, now))
    for (const minerHotkey of minerHotkeys.slice(0, 3)) {
      const share = plainTopMinerShare(rows, minerHotkey, now)
      expect(await ask.getTopMinerShare({ minerHotkey, now })).toBe(share)
    }
  }
}
