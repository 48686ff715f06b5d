import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { agentFromWire, evaluationFromWire, snapshotFromWire, versionFromWire } from './agent-wire.ts'
import dataset from './agent-dataset.json' with { type: 'json' }
import cases from './agent-expected.json' with { type: 'json' }
import type { AgentRegistry, AgentRegistryContractOptions } from './agent-registry.ts'
import type { EvaluationContractOptions, EvaluationStore } from './evaluation-suite.ts'

const now = new Date(dataset.now)
const { next_evaluation: claims, simple_reads: reads } = cases.extras

/** The simple reads over the worked set, which the simple operations store. The store must be empty, and nobody else's. */
export function agentWorkedSetContract(options: AgentRegistryContractOptions): void {
  describe('simple reads of the worked set', () => {
    let registry: AgentRegistry
    beforeAll(async () => {
      registry = await options.setup()
      await storeVersions(registry)
      // Not in the order of their times: which is the newest does not depend on when it was stored.
      for (const snapshot of dataset.weights_history.map(snapshotFromWire).toReversed()) {
        await registry.weightsSnapshots.put({ snapshot, now })
      }
    })
    afterAll(async () => {
      await options.teardown?.()
    })

    it('counts the agents', async () => {
      expect(await registry.agents.count()).toBe(reads.get_num_agents)
    })

    it.each(Object.entries(reads.get_agent_by_hotkey))(
      'finds the agent of %s',
      async (minerHotkey, agentId) => {
        const wanted = dataset.agents.map(agentFromWire).find((agent) => agent.agentId === agentId)
        expect(await registry.agents.findByHotkey({ minerHotkey })).toStrictEqual(wanted)
      },
    )

    it.each(Object.entries(reads.get_latest_agent_version))(
      'finds the latest version of %s',
      async (agentId, versionId) => {
        const wanted = dataset.agent_versions.map(versionFromWire).find((row) => row.versionId === versionId)
        expect(await registry.agentVersions.findLatest({ agentId })).toStrictEqual(wanted)
      },
    )

    it('finds the latest weights and their top miner', async () => {
      const latest = await registry.weightsSnapshots.findLatest()
      expect(latest?.id).toBe(reads.get_latest_weights)
      expect(await registry.weightsSnapshots.findTopMiner()).toBe(reads.get_current_top_miner)
    })
  })
}

/** What each validator of the worked set is given next. Nobody else's evaluations of these validators are in the store. */
export function evaluationWorkedSetContract(options: EvaluationContractOptions): void {
  describe('queues of the worked set', () => {
    let store: EvaluationStore
    beforeAll(async () => {
      store = await options.setup()
      await storeVersions(store)
      const waiting = dataset.evaluations.map(evaluationFromWire).filter(({ status }) => status === 'waiting')
      for (const { evaluationId, versionId, validatorHotkey, createdAt } of waiting) {
        await store.evaluations.create({ evaluationId, versionId, validatorHotkey, now: createdAt })
      }
    })
    afterAll(async () => {
      await options.teardown?.()
    })

    it.each(claims)('gives the oldest that waits: $args', async ({ args, expected }) => {
      const { validator_hotkey: validatorHotkey } = args
      const claimed = await store.evaluations.claim({ validatorHotkey, claimId: 'next', now })
      expect(claimed?.evaluationId).toBe(expected?.evaluation_id)
    })
  })
}

async function storeVersions({ agents, agentVersions }: AgentRegistry): Promise<void> {
  for (const agent of dataset.agents.map(agentFromWire)) await agents.put({ agent, now })
  for (const version of dataset.agent_versions.map(versionFromWire)) await agentVersions.put({ version, now })
}
