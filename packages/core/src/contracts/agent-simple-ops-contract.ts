import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

import { agentFromWire, fromAgentWire, snapshotFromWire, versionFromWire } from './agent-wire.ts'
import type { AgentRegistry, AgentRegistryContractOptions } from './agent-registry.ts'
import cases from './agent-simple-ops.json' with { type: 'json' }

type Arguments = Readonly<Record<string, unknown>>

const now = new Date('2025-07-02T00:00:00.000Z')
const agentArguments = z.object({ agentId: z.string() })
const versionArguments = z.object({ versionId: z.string() })
const hotkeyArguments = z.object({ minerHotkey: z.string() })
const rowSchema = z.record(z.string(), z.unknown())

/** The names of the cases, and which method of ours does the same. */
const operations: Readonly<Record<string, (all: AgentRegistry, args: Arguments) => Promise<unknown>>> = {
  store_agent: async ({ agents }, args) => agents.put({ agent: agentFromWire(args), now }),
  store_agent_version: async ({ agentVersions }, args) =>
    agentVersions.put({ version: versionFromWire(args), now }),
  get_agent_by_hotkey: async ({ agents }, args) =>
    agents.findByHotkey(hotkeyArguments.parse(fromAgentWire(args))),
  get_agent: async ({ agents }, args) => agents.find(agentArguments.parse(fromAgentWire(args))),
  get_agent_version: async ({ agentVersions }, args) =>
    agentVersions.find(versionArguments.parse(fromAgentWire(args))),
  get_latest_agent_version: async ({ agentVersions }, args) =>
    agentVersions.findLatest(agentArguments.parse(fromAgentWire(args))),
  get_num_agents: async ({ agents }) => agents.count(),
  store_weights: async ({ weightsSnapshots }, args) =>
    weightsSnapshots.put({ snapshot: snapshotFromWire(args), now }),
  get_latest_weights: async ({ weightsSnapshots }) => weightsSnapshots.findLatest(),
  get_current_top_miner: async ({ weightsSnapshots }) => weightsSnapshots.findTopMiner(),
}

/** The worked steps of the ten simple operations, in their order. The store must be empty, and nobody else's. */
export function agentSimpleOpsContract(options: AgentRegistryContractOptions): void {
  describe('simple operations of the agent registry, step by step', () => {
    let registry: AgentRegistry
    beforeAll(async () => {
      registry = await options.setup()
    })
    afterAll(async () => {
      await options.teardown?.()
    })

    it('has a method for each operation', () => {
      const asked = new Set(cases.steps.map(({ op }) => op))
      expect(Object.keys(operations).toSorted()).toStrictEqual([...asked].toSorted())
    })

    it.each(cases.steps.map((step, index) => [index + 1, step.op, step] as const))(
      'step %i: %s',
      async (_number, op, { args, expected }) => {
        const answer = operations[op]?.(registry, args)
        if (expected === 'ok') await expect(answer).resolves.not.toBeNull()
        else if (expected === 'error: unknown agent') {
          await expect(answer).rejects.toMatchObject({ code: 'not_found' })
        } else expect(await answer).toStrictEqual(fromExpected(expected))
      },
    )
  })
}

function fromExpected(expected: unknown): unknown {
  if (typeof expected !== 'object' || expected === null) return expected
  const row = rowSchema.parse(expected)
  if ('miner_weights' in row) return snapshotFromWire(row)
  return 'version_num' in row ? versionFromWire(row) : agentFromWire(row)
}
