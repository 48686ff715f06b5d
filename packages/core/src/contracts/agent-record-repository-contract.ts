import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Repositories } from '../repositories/repositories.ts'
import {
  agentNow,
  agentTime,
  buildAgent,
  buildAgentVersion,
  buildEvaluation,
  buildEvaluationRun,
  buildScoredRun,
  buildWeightsSnapshot,
} from './agent-builders.ts'
import type { AgentRegistry } from './agent-registry.ts'
import type { RepositoryContractOptions } from './keyed-rows-repository-contract.ts'
import { nastyTexts } from './nasty-values.ts'
import { expectInvalid } from './sample-suite.ts'

/** Everything that an implementation of `AgentRecordRepository` must hold; its rows are read through the registry. */
export function agentRecordRepositoryContract(
  options: RepositoryContractOptions<AgentRegistry & Pick<Repositories, 'agentRecords'>>,
): void {
  describe('agent record repository contract', () => {
    let all: AgentRegistry & Pick<Repositories, 'agentRecords'>
    beforeAll(async () => {
      all = await options.setup()
    })
    afterAll(async () => {
      await options.teardown?.()
    })

    it('replaces agents and versions as a whole, and counts what it was given', async () => {
      const first = [buildAgent(), buildAgent()]
      expect(await all.agentRecords.putAgents({ agents: first })).toStrictEqual({ rows: 2 })
      const [agent] = first
      if (agent === undefined) expect.unreachable()
      const next = {
        ...agent,
        name: 'renamed',
        minerHotkey: `${agent.minerHotkey}x`,
        createdAt: agentTime(-1),
      }
      await all.agentRecords.putAgents({ agents: [next] })
      expect(await all.agents.find(agent)).toStrictEqual(next)
      expect(await all.agents.findByHotkey(agent)).toBeNull()
      const version = buildAgentVersion({ agentId: agent.agentId, score: 0.5 })
      await all.agentRecords.putVersions({ versions: [version, { ...version, versionNum: 3, score: null }] })
      expect(await all.agentVersions.find(version)).toStrictEqual({ ...version, versionNum: 3, score: null })
    })

    it('keeps what was read last, whatever is put last', async () => {
      const [agent, version] = [buildAgent(), buildAgentVersion()]
      const snapshot = buildWeightsSnapshot({ timestamp: agentTime(-86_400_000) })
      const [early, late] = [all.agentRecords.stamp(), all.agentRecords.stamp()]
      expect(late).toBeGreaterThan(early)
      const read = { ...agent, latestVersion: 4 }
      await all.agentRecords.putAgents({ agents: [read], stamp: late })
      await all.agentRecords.putAgents({ agents: [agent], stamp: early })
      expect(await all.agents.find(agent)).toStrictEqual(read)
      await all.agentRecords.putVersions({ versions: [{ ...version, score: 0.5 }], stamp: late })
      await all.agentRecords.putVersions({ versions: [version], stamp: early })
      expect(await all.agentVersions.find(version)).toMatchObject({ score: 0.5 })
      await all.agentRecords.putSnapshots({ snapshots: [snapshot], stamp: early })
      expect(await all.weightsSnapshots.find(snapshot)).toStrictEqual(snapshot)
    })

    it('counts rows by what they belong to, each once', async () => {
      const { agentRecords } = all
      const [agent, other] = [buildAgent(), buildAgent()]
      const versions = [1, 2].map(() => buildAgentVersion({ agentId: agent.agentId }))
      const evaluations = versions.map(({ versionId }) => buildEvaluation({ versionId }))
      const evaluationIds = evaluations.map(({ evaluationId }) => evaluationId)
      const [evaluationId = ''] = evaluationIds
      const runs = [1, 2, 3].map(() => buildEvaluationRun({ evaluationId }))
      const snapshot = buildWeightsSnapshot()
      for (let time = 0; time < 2; time += 1) {
        await agentRecords.putAgents({ agents: [agent, other] })
        await agentRecords.putVersions({ versions })
        await agentRecords.putEvaluations({ evaluations })
        await agentRecords.putRuns({ runs })
        await agentRecords.putSnapshots({ snapshots: [snapshot] })
      }
      const agentIds = [agent.agentId, other.agentId]
      const versionIds = versions.map(({ versionId }) => versionId)
      expect(await agentRecords.count({ of: 'agents', ids: agentIds })).toBe(2)
      expect(await agentRecords.count({ of: 'versions', ids: agentIds })).toBe(2)
      expect(await agentRecords.count({ of: 'evaluations', ids: versionIds })).toBe(2)
      expect(await agentRecords.count({ of: 'runs', ids: evaluationIds })).toBe(3)
      expect(await agentRecords.count({ of: 'runs', ids: [evaluationIds[1] ?? ''] })).toBe(0)
      expect(await agentRecords.count({ of: 'snapshots', ids: [snapshot.id] })).toBe(1)
      expect(await agentRecords.count({ of: 'snapshots', ids: [] })).toBe(0)
      const many = Array.from({ length: 1_001 }, () => agent.agentId)
      await expectInvalid(agentRecords.count({ of: 'agents', ids: many }))
      await expectInvalid(agentRecords.count({ of: 'agents', ids: ['x'] }))
    })

    it('takes rows as they come, nasty ones and none', async () => {
      const text = nastyTexts.join('')
      const runs = [
        buildEvaluationRun({ response: text, error: text, attempt: 3 }),
        buildScoredRun({ failToPassSuccess: nastyTexts.filter((name) => name !== ''), solved: false }),
      ]
      const evaluation = buildEvaluation({
        status: 'error',
        terminatedReason: 'x',
        startedAt: agentNow,
        score: 0.1,
      })
      async function* later(): AsyncGenerator<typeof evaluation, void, void> {
        yield evaluation
      }
      expect(await all.agentRecords.putRuns({ runs })).toStrictEqual({ rows: 2 })
      expect(await all.agentRecords.putEvaluations({ evaluations: later() })).toStrictEqual({ rows: 1 })
      expect(await all.agentRecords.putEvaluations({ evaluations: [] })).toStrictEqual({ rows: 0 })
      const snapshots = [buildWeightsSnapshot({ timestamp: new Date('2290-01-01T00:00:00.000Z') })]
      await all.agentRecords.putSnapshots({ snapshots })
      expect(await all.weightsSnapshots.findLatest()).toStrictEqual(snapshots[0])
    })

    it('refuses rows that break their schema, with their number', async () => {
      const bad = { ...buildEvaluation(), attempt: 4 }
      const evaluations = [buildEvaluation(), bad]
      await expect(all.agentRecords.putEvaluations({ evaluations })).rejects.toMatchObject({
        code: 'invalid_input',
        details: { row: 2, field: 'attempt' },
      })
      await expectInvalid(all.agentRecords.putRuns({ runs: [buildEvaluationRun({ runId: 'x' })] }))
      await expectInvalid(all.agentRecords.putAgents({ agents: [buildAgent({ name: '' })] }))
    })
  })
}
