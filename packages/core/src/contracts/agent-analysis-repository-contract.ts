import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { AgentAnalysisRepository } from '../repositories/agent-analysis-repository.ts'
import { evaluationScoreOf, versionScoreOf } from '../rules/agent-score-rules.ts'
import { agentTime, buildAgent, buildAgentVersion, newUuid } from './agent-builders.ts'
import {
  agentExecutionCases,
  agentExecutionContract,
  type AgentAnalysisStore,
} from './agent-execution-contract.ts'
import { agentStandingCases, agentStandingContract } from './agent-standing-contract.ts'
import {
  agentFromWire,
  evaluationFromWire,
  fromAgentWire,
  runFromWire,
  snapshotFromWire,
  versionFromWire,
} from './agent-wire.ts'
import dataset from './agent-dataset.json' with { type: 'json' }
import cases from './agent-expected.json' with { type: 'json' }
import type { RepositoryContractOptions } from './keyed-rows-repository-contract.ts'
import { expectInvalid } from './sample-suite.ts'

const now = new Date(dataset.now)
const { queries, extras } = cases

/** The worked set in full: the store must be empty, and nobody else's. */
export function agentAnalysisRepositoryContract(
  options: RepositoryContractOptions<AgentAnalysisStore>,
): void {
  describe('agent analysis repository contract', () => {
    let analyses: AgentAnalysisRepository
    let records: AgentAnalysisStore['agentRecords']
    const store = (): AgentAnalysisStore => ({ agentAnalyses: analyses, agentRecords: records })
    const agents = dataset.agents.map(agentFromWire)
    const versions = dataset.agent_versions.map(versionFromWire)
    const evaluations = dataset.evaluations.map(evaluationFromWire)
    const runs = dataset.evaluation_runs.map(runFromWire)
    const snapshots = dataset.weights_history.map(snapshotFromWire)
    beforeAll(async () => {
      const opened = await options.setup()
      analyses = opened.agentAnalyses
      records = opened.agentRecords
    })
    afterAll(async () => {
      await options.teardown?.()
    })

    it('answers for an empty store', async () => {
      expect(await analyses.listTopAgents({ limit: 3 })).toStrictEqual([])
      expect(await analyses.listAgents({ limit: 3 })).toStrictEqual({ items: [], nextCursor: null })
      expect(await analyses.listRecentExecutions({ limit: 3 })).toStrictEqual([])
      expect(await analyses.findLeader({ minValidators: 1, tolerance: 0 })).toBeNull()
      expect(await analyses.listWeightsHistory({ now })).toStrictEqual([])
      expect(await analyses.getTopMinerShare({ minerHotkey: '5AlphaMinerHotkey', now })).toBe(0)
    })

    it('takes the worked set, in an order that is neither its own nor the reverse', async () => {
      const turned = <Row>(rows: readonly Row[]): readonly Row[] => [...rows.slice(2), ...rows.slice(0, 2)]
      expect(await records.putAgents({ agents: turned(agents) })).toStrictEqual({ rows: 3 })
      await records.putVersions({ versions: turned(versions) })
      await records.putEvaluations({ evaluations: turned(evaluations) })
      await records.putRuns({ runs: turned(runs) })
      await records.putSnapshots({ snapshots: turned(snapshots) })
      // Once more, in other batches: nothing is counted twice.
      await records.putEvaluations({ evaluations: evaluations.slice(3) })
      await records.putSnapshots({ snapshots: snapshots.slice(1, 4) })
    })

    it.each(queries.get_top_agents)('lists the top agents: $args', async ({ args, expected }) => {
      const found = await analyses.listTopAgents(args)
      expect(found).toStrictEqual(expected.map(fromAgentWire))
    })

    it.each(queries.get_agent_summary)('tells of an agent: $args', async ({ args, expected }) => {
      const { agent_id: agentId, miner_hotkey: minerHotkey = '' } = args
      const found = await analyses.findSummary(agentId === undefined ? { minerHotkey } : { agentId })
      if (expected === null) {
        expect(found).toBeNull()
        return
      }
      expect(found?.agent).toMatchObject(fromAgentWire(expected.agent_details))
      expect(found?.versions).toStrictEqual(
        expected.all_versions.map((version) => ({
          ...fromAgentWire(version),
          agentId: expected.agent_details.agent_id,
        })),
      )
    })

    it.each(queries.get_queue_info)('tells the places of a version: $args', async ({ args, expected }) => {
      const found = await analyses.listQueuePlaces({ versionId: args.version_id })
      expect(found).toStrictEqual(
        expected.map((row) => ({ validatorHotkey: row.validator_hotkey, place: row.place_in_queue })),
      )
    })

    it.each(queries.get_top_miner_fraction_last_24h)('shares the day: $args', async ({ args, expected }) => {
      const share = await analyses.getTopMinerShare({
        minerHotkey: args.miner_hotkey,
        now: new Date(args.now),
      })
      expect(share).toBeCloseTo(expected, 9)
    })

    it.each(queries.get_weights_history_last_24h_with_prior)(
      'lists the weights of a day: $args',
      async ({ args, expected }) => {
        const found = await analyses.listWeightsHistory({ now: new Date(args.now) })
        expect(found).toStrictEqual(expected.map(snapshotFromWire))
      },
    )

    it('closes the window at both ends, and holds the last snapshot until now', async () => {
      const [w1, w2, w3] = snapshots.toSorted((a, b) => a.timestamp.getTime() - b.timestamp.getTime())
      if (w1 === undefined || w2 === undefined || w3 === undefined) expect.unreachable()
      const idsAt = async (at: Date): Promise<readonly string[]> =>
        (await analyses.listWeightsHistory({ now: at })).map(({ id }) => id)
      expect(await idsAt(new Date(w1.timestamp.getTime() - 1))).toStrictEqual([])
      expect(await idsAt(w2.timestamp)).toStrictEqual([w1.id, w2.id])
      const dayAfter = new Date(w2.timestamp.getTime() + 86_400_000)
      expect(await idsAt(dayAfter)).toStrictEqual(expect.arrayContaining([w1.id, w2.id, w3.id]))
      const share = { minerHotkey: '5AlphaMinerHotkey', now: new Date(w1.timestamp.getTime() + 3_600_000) }
      expect(await analyses.getTopMinerShare(share)).toBeCloseTo(1 / 24, 12)
      const late = new Date(now.getTime() + 40 * 86_400_000)
      expect(await analyses.getTopMinerShare({ ...share, now: late })).toBe(1)
    })

    agentExecutionCases(store)
    agentStandingCases(store)

    it('tells of an agent without versions, which is no top agent', async () => {
      const agent = buildAgent()
      await records.putAgents({ agents: [agent] })
      expect(await analyses.findSummary(agent)).toStrictEqual({ agent, versions: [] })
      const top = await analyses.listTopAgents({ limit: 100 })
      expect(top.map(({ agentId }) => agentId)).not.toContain(agent.agentId)
    })

    it('ranks equal scores by the older version, then by id, and 0 above none', async () => {
      const [a, b, c, d] = [buildAgent(), buildAgent(), buildAgent(), buildAgent()]
      await records.putAgents({ agents: [d, c, b, a] })
      const scores = [
        { agentId: a.agentId, score: 0, createdAt: agentTime(5) },
        { agentId: b.agentId, score: 0, createdAt: agentTime(4) },
        { agentId: c.agentId, score: 0, createdAt: agentTime(4) },
        { agentId: d.agentId, score: null, createdAt: agentTime(1) },
      ]
      await records.putVersions({ versions: scores.map(buildAgentVersion) })
      const mine = new Set([a, b, c, d].map(({ agentId }) => agentId))
      const ranked = (await analyses.listTopAgents({ limit: 100 })).filter(({ agentId }) => mine.has(agentId))
      expect(ranked.map(({ agentId }) => agentId)).toStrictEqual([b, c, a, d].map(({ agentId }) => agentId))
    })

    it('scores as the rules do', async () => {
      for (const {
        evaluation_id: evaluationId,
        null_counts_as_unsolved: score,
      } of extras.evaluation_score_formulas) {
        expect(evaluationScoreOf({ evaluationId, attempt: 1 }, runs)).toBe(score)
      }
      for (const version of versions) {
        const own = evaluations.filter(({ versionId }) => versionId === version.versionId)
        const summary = await analyses.findSummary(version)
        const shown = summary?.versions.find(({ versionId }) => versionId === version.versionId)
        expect(shown?.score).toBe(versionScoreOf(own, version.score))
      }
    })

    agentExecutionContract(store)
    agentStandingContract(store)

    it('refuses questions that make no sense', async () => {
      for (const limit of [0, -1, 1.5, 10_001, Number.NaN])
        await expectInvalid(analyses.listTopAgents({ limit }))
      for (const agentId of ['5Alpha', newUuid().toUpperCase()]) {
        await expectInvalid(analyses.findSummary({ agentId }))
        await expectInvalid(analyses.listQueuePlaces({ versionId: agentId }))
      }
      await expectInvalid(analyses.findSummary({ minerHotkey: "a' OR 1" }))
      await expectInvalid(analyses.listQueuePlaces({ versionId: '' }))
      await expectInvalid(analyses.getTopMinerShare({ minerHotkey: '', now }))
      await expectInvalid(analyses.listWeightsHistory({ now: new Date(Number.NaN) }))
    })

    it('passes the reason of an aborted signal on, unwrapped', async () => {
      const reason = new Error('enough')
      const aborted = { signal: AbortSignal.abort(reason) }
      await expect(analyses.listTopAgents({ limit: 1 }, aborted)).rejects.toBe(reason)
      await expect(analyses.findSummary({ agentId: newUuid() }, aborted)).rejects.toBe(reason)
      await expect(analyses.listQueuePlaces({ versionId: newUuid() }, aborted)).rejects.toBe(reason)
      await expect(analyses.getTopMinerShare({ minerHotkey: 'a', now }, aborted)).rejects.toBe(reason)
      await expect(analyses.listWeightsHistory({ now }, aborted)).rejects.toBe(reason)
      await expect(analyses.listAgents({ limit: 1 }, aborted)).rejects.toBe(reason)
      await expect(analyses.listRecentExecutions({ limit: 1 }, aborted)).rejects.toBe(reason)
      await expect(analyses.findLatestExecution({ agentId: newUuid() }, aborted)).rejects.toBe(reason)
      await expect(analyses.listVersionExecutions({ versionId: newUuid() }, aborted)).rejects.toBe(reason)
      await expect(analyses.findLeader({ minValidators: 1, tolerance: 0 }, aborted)).rejects.toBe(reason)
      await expect(analyses.getStatistics({ now }, aborted)).rejects.toBe(reason)
    })
  })
}
