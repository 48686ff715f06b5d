import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { AgentVersion } from '../models/agent-version.ts'
import { MAX_CLOCK_SKEW_MS } from '../rules/clock-skew.ts'
import { agentNow as now, agentTime, buildAgent, buildAgentVersion, newUuid } from './agent-builders.ts'
import type { AgentRegistry, AgentRegistryContractOptions } from './agent-registry.ts'
import { expectInvalid } from './sample-suite.ts'

/** Everything that an implementation of `AgentVersionRepository` must hold, on a real engine. */
export function agentVersionRepositoryContract(options: AgentRegistryContractOptions): void {
  describe('agent version repository contract', () => {
    let registry: AgentRegistry
    beforeAll(async () => {
      registry = await options.setup()
    })
    afterAll(async () => {
      await options.teardown?.()
    })
    const newAgent = async (): Promise<string> => {
      const { agentId } = await registry.agents.put({ agent: buildAgent(), now })
      return agentId
    }
    const put = async (fields: Partial<AgentVersion>): Promise<AgentVersion> =>
      registry.agentVersions.put({ version: buildAgentVersion(fields), now })

    it('finds nothing that is not there', async () => {
      expect(await registry.agentVersions.find({ versionId: newUuid() })).toBeNull()
      expect(await registry.agentVersions.findLatest({ agentId: newUuid() })).toBeNull()
    })

    it.each([0, 1, 1 / 3, 5e-324, null])('gives a version back exactly, with the score %s', async (score) => {
      const version = buildAgentVersion({ agentId: await newAgent(), versionNum: 999_999, score })
      expect(await registry.agentVersions.put({ version, now })).toStrictEqual(version)
      expect(await registry.agentVersions.find(version)).toStrictEqual(version)
      expect(await registry.agentVersions.findLatest(version)).toStrictEqual(version)
    })

    it('keeps what was stored first, and takes the newest score, null too', async () => {
      const first = await put({ agentId: await newAgent(), score: 0.5 })
      const { versionId } = first
      const others = { versionNum: 7, createdAt: agentTime(-5), agentId: await newAgent() }
      expect(await put({ versionId, ...others, score: 0.25 })).toStrictEqual({ ...first, score: 0.25 })
      expect(await put({ versionId, ...others, score: null })).toStrictEqual({ ...first, score: null })
      expect(await registry.agentVersions.find(first)).toStrictEqual({ ...first, score: null })
      expect(await registry.agentVersions.findLatest(others)).toBeNull()
    })

    it('updates a version whatever agent the second call names, known or not', async () => {
      const first = await put({ agentId: await newAgent() })
      const second = await put({ versionId: first.versionId, agentId: newUuid(), score: 1 })
      expect(second).toStrictEqual({ ...first, score: 1 })
    })

    it('takes for the latest what was created last, of one instant the highest id', async () => {
      const agentId = await newAgent()
      const some = [5, 9, 9, 1].map((at, index) => ({
        versionNum: 9 - index,
        createdAt: agentTime(at - 100),
      }))
      const stored: AgentVersion[] = []
      for (const fields of some) stored.push(await put({ agentId, ...fields }))
      expect(await registry.agentVersions.findLatest({ agentId })).toStrictEqual(stored[2])
    })

    it('refuses a version of an agent that is not known, and stores nothing', async () => {
      const version = buildAgentVersion()
      await expect(registry.agentVersions.put({ version, now })).rejects.toMatchObject({
        code: 'not_found',
        details: { agentId: version.agentId },
      })
      expect(await registry.agentVersions.find(version)).toBeNull()
    })

    it.each<readonly [string, Partial<AgentVersion>]>([
      ['an id of another kind', { versionId: 'b1' }],
      ['an agent of another kind', { agentId: '5Alpha' }],
      ['a score above 1', { score: 1.000_001 }],
      ['a score that is no number', { score: Number.NaN }],
      ['a version before the first', { versionNum: -1 }],
      ['no time', { createdAt: new Date(Number.NaN) }],
      ['a birth to come', { createdAt: agentTime(MAX_CLOCK_SKEW_MS + 1) }],
    ])('refuses %s and stores nothing', async (_name, fields) => {
      const agentId = await newAgent()
      await expectInvalid(put({ agentId, ...fields }))
      expect(await registry.agentVersions.findLatest({ agentId })).toBeNull()
    })

    it('refuses questions that make no sense', async () => {
      await expectInvalid(registry.agentVersions.find({ versionId: "' OR 1=1" }))
      await expectInvalid(registry.agentVersions.findLatest({ agentId: '' }))
    })

    it('passes the reason of an aborted signal on, unwrapped', async () => {
      const reason = new Error('enough')
      const aborted = { signal: AbortSignal.abort(reason) }
      const version = buildAgentVersion({ agentId: await newAgent() })
      await expect(registry.agentVersions.put({ version, now }, aborted)).rejects.toBe(reason)
      await expect(registry.agentVersions.find(version, aborted)).rejects.toBe(reason)
      await expect(registry.agentVersions.findLatest(version, aborted)).rejects.toBe(reason)
      expect(await registry.agentVersions.find(version)).toBeNull()
    })
  })
}
