import { expect, it } from 'vitest'

import { versionScoreOf } from '../rules/agent-score-rules.ts'
import { agentTime, buildAgent, buildAgentVersion, buildEvaluation, newUuid } from './agent-builders.ts'
import dataset from './agent-dataset.json' with { type: 'json' }
import type { AgentAnalysisStore } from './agent-execution-contract.ts'
import cases from './agent-expected.json' with { type: 'json' }
import { agentFromWire } from './agent-wire.ts'
import { expectInvalid, readPages } from './sample-suite.ts'
import { existing } from './sampling-task-suite.ts'
import { newHotkey } from './weight-record-builders.ts'

const { extras } = cases
const DAY = 86_400_000

/** The worked cases of the leader, of the statistics and of the list; the store holds the worked set and nothing else. */
export function agentStandingCases(store: () => AgentAnalysisStore): void {
  it.each(extras.weight_receiving_agent)('finds the leader: $args', async ({ args, expected }) => {
    const { min_validators: minValidators, tolerance } = args
    const found = await store().agentAnalyses.findLeader({ minValidators, tolerance })
    if (expected === null) {
      expect(found).toBeNull()
      return
    }
    const version = dataset.agent_versions.find((row) => row.version_id === expected.version_id)
    expect(found).toStrictEqual({
      agentId: version?.agent_id,
      minerHotkey: expected.miner_hotkey,
      versionId: expected.version_id,
      versionCreatedAt: new Date(version?.created_at ?? Number.NaN),
      score: expected.avg_score,
    })
  })

  it('tells how the registry stands', async () => {
    const { versions, top_score: topScore, ...expected } = extras.dashboard_statistics
    expect(await store().agentAnalyses.getStatistics({ now: new Date(dataset.now) })).toStrictEqual({
      versions,
      versionsLastDay: expected.versions_last_24h,
      topScore,
      dailyScoreImprovement: expected.daily_score_improvement,
    })
  })

  it('tells how it stood, the day closed at both ends', async () => {
    const [first = Number.NaN, second = Number.NaN] = dataset.agent_versions
      .map((row) => Date.parse(row.created_at))
      .toSorted((a, b) => a - b)
    const standing = async (at: number): Promise<unknown> =>
      store().agentAnalyses.getStatistics({ now: new Date(at) })
    const before = { versions: 0, versionsLastDay: 0, topScore: null, dailyScoreImprovement: 0 }
    expect(await standing(first - 1)).toStrictEqual(before)
    const one = { versions: 1, versionsLastDay: 1, topScore: 0.75, dailyScoreImprovement: 0.75 }
    expect(await standing(first)).toStrictEqual(one)
    expect(await standing(first + DAY)).toStrictEqual(one)
    const older = { ...one, versionsLastDay: 0, dailyScoreImprovement: 0 }
    expect(await standing(first + DAY + 1)).toStrictEqual(older)
    expect(await standing(second)).toMatchObject({ versions: 2, versionsLastDay: 1 })
  })

  it.each([1, 2, 3, 100])('lists agents, %i at a time', async (limit) => {
    const agents = dataset.agents.map(agentFromWire)
    const found = await readPages(async (page) => store().agentAnalyses.listAgents(page), limit)
    expect(found).toStrictEqual(agents.toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime()))
  })
}

/** What the worked set leaves open about them; adds agents of its own, whose scores are the best and whose times are early. */
export function agentStandingContract(store: () => AgentAnalysisStore): void {
  it('lists agents of one instant by id, and neither repeats nor hides any when others come', async () => {
    const createdAt = new Date(0)
    const [a, b, c] = [buildAgent({ createdAt }), buildAgent({ createdAt }), buildAgent({ createdAt })]
    const { agentAnalyses, agentRecords } = store()
    await agentRecords.putAgents({ agents: [c, b] })
    const first = await agentAnalyses.listAgents({ limit: 1 })
    expect(first.items).toStrictEqual([b])
    await agentRecords.putAgents({ agents: [a, { ...c, latestVersion: 1 }] })
    const second = await agentAnalyses.listAgents({ limit: 1, cursor: first.nextCursor })
    expect(second.items).toStrictEqual([{ ...c, latestVersion: 1 }])
  })

  it('lets the oldest of those within the tolerance lead, of one instant the smallest id', async () => {
    const scores = [
      { at: 9, evaluated: [1, 1] },
      { at: 5, evaluated: [0.95, 1] },
      { at: 5, evaluated: [0.96, 0.99] },
      { at: 1, evaluated: [0.9, 0.9] },
      { at: 0, evaluated: [1] },
    ]
    const agents = scores.map(() => buildAgent())
    const versions = agents.map(({ agentId }, index) =>
      buildAgentVersion({ agentId, createdAt: agentTime(scores[index]?.at ?? 0) }),
    )
    const evaluations = versions.flatMap(({ versionId }, index) =>
      (scores[index]?.evaluated ?? []).map((score) =>
        buildEvaluation({ versionId, validatorHotkey: newHotkey(), status: 'completed', score }),
      ),
    )
    const { agentAnalyses, agentRecords } = store()
    await agentRecords.putVersions({ versions: versions.toReversed() })
    await agentRecords.putEvaluations({ evaluations: evaluations.toReversed() })
    const leader = async (minValidators: number, tolerance: number): Promise<number> => {
      const found = await agentAnalyses.findLeader({ minValidators, tolerance })
      return versions.findIndex(({ versionId }) => versionId === found?.versionId)
    }
    // Nobody leads whose agent has not arrived.
    expect(await leader(2, 0.02)).toBe(-1)
    await agentRecords.putAgents({ agents })
    expect(await leader(2, 0)).toBe(0)
    expect(await leader(2, 0.02)).toBe(0)
    expect(await leader(2, 0.03)).toBe(1)
    expect(await leader(2, 0.1)).toBe(3)
    expect(await leader(1, 0)).toBe(4)
    expect(await leader(3, 1)).toBe(-1)
  })

  it('counts validators, not evaluations, and only completed ones with a score', async () => {
    const agent = buildAgent()
    const version = buildAgentVersion({ agentId: agent.agentId })
    const { versionId } = version
    const [own, ...others] = [0.1, 0.2, 0.3].map((score) =>
      buildEvaluation({ versionId, validatorHotkey: newHotkey(), status: 'completed', score }),
    )
    const completed = [existing(own), ...others]
    const idle = [
      buildEvaluation({ versionId, validatorHotkey: newHotkey(), status: 'error', score: 1 }),
      buildEvaluation({ versionId, validatorHotkey: newHotkey(), status: 'running', score: 1 }),
      buildEvaluation({ versionId, validatorHotkey: newHotkey(), status: 'completed' }),
    ]
    const { agentAnalyses, agentRecords } = store()
    await agentRecords.putAgents({ agents: [agent] })
    await agentRecords.putVersions({ versions: [version] })
    await agentRecords.putEvaluations({ evaluations: [...idle, ...completed.toReversed()] })
    const { agentId, minerHotkey } = agent
    const leading = { agentId, minerHotkey, versionId, versionCreatedAt: version.createdAt }
    expect(await agentAnalyses.findLeader({ minValidators: 3, tolerance: 0 })).toStrictEqual({
      ...leading,
      score: versionScoreOf(completed, null),
    })
    const twice = { ...existing(own), evaluationId: newUuid() }
    await agentRecords.putEvaluations({ evaluations: [twice] })
    expect(await agentAnalyses.findLeader({ minValidators: 4, tolerance: 0 })).toBeNull()
    expect(await agentAnalyses.findLeader({ minValidators: 3, tolerance: 0 })).toStrictEqual({
      ...leading,
      score: versionScoreOf([...completed, twice], null),
    })
  })

  it('refuses such questions that make no sense', async () => {
    const { agentAnalyses } = store()
    for (const limit of [0, -1, 1.5, 10_001, Number.NaN])
      await expectInvalid(agentAnalyses.listAgents({ limit }))
    for (const cursor of ['', 'x', 'W10']) await expectInvalid(agentAnalyses.listAgents({ limit: 1, cursor }))
    for (const minValidators of [0, -1, 1.5, Number.NaN]) {
      await expectInvalid(agentAnalyses.findLeader({ minValidators, tolerance: 0 }))
    }
    for (const tolerance of [-0.1, 1.1, Number.NaN]) {
      await expectInvalid(agentAnalyses.findLeader({ minValidators: 1, tolerance }))
    }
    await expectInvalid(agentAnalyses.getStatistics({ now: new Date(Number.NaN) }))
  })
}
