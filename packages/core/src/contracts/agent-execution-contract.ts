import { expect, it } from 'vitest'

import type { AgentExecution } from '../repositories/agent-analysis-repository.ts'
import type { Repositories } from '../repositories/repositories.ts'
import {
  agentTime,
  buildAgent,
  buildAgentVersion,
  buildEvaluation,
  buildScoredRun,
  newUuid,
} from './agent-builders.ts'
import dataset from './agent-dataset.json' with { type: 'json' }
import cases from './agent-expected.json' with { type: 'json' }
import { agentFromWire, evaluationFromWire, runFromWire, versionFromWire } from './agent-wire.ts'
import { expectInvalid } from './sample-suite.ts'
import { existing } from './sampling-task-suite.ts'

/** The repositories that the suites of the analysis put rows into and ask. */
export type AgentAnalysisStore = Pick<Repositories, 'agentAnalyses' | 'agentRecords'>

interface ExpectedExecution {
  readonly evaluation_id: string
  readonly run_ids: readonly string[]
}

const { queries } = cases

/** The worked cases of executions; the store holds the worked set and nothing else. */
export function agentExecutionCases(store: () => AgentAnalysisStore): void {
  it.each(queries.get_recent_executions)('lists the newest executions: $args', async ({ args, expected }) => {
    expect(await store().agentAnalyses.listRecentExecutions(args)).toStrictEqual(expected.map(toExecution))
  })

  it.each(queries.get_latest_execution_by_agent)(
    'finds the latest execution of an agent: $args',
    async ({ args, expected }) => {
      const found = await store().agentAnalyses.findLatestExecution({ agentId: args.agent_id })
      expect(found).toStrictEqual(expected === null ? null : toExecution(expected))
    },
  )

  it.each(queries.get_evaluations)('lists the executions of a version: $args', async ({ args, expected }) => {
    const found = await store().agentAnalyses.listVersionExecutions({ versionId: args.version_id })
    expect(found).toStrictEqual(expected.map(toExecution))
  })
}

/** What the worked set leaves open about executions; adds agents of its own. */
export function agentExecutionContract(store: () => AgentAnalysisStore): void {
  const putVersion = async (): Promise<Pick<AgentExecution, 'agent' | 'version'>> => {
    const agent = buildAgent()
    const version = buildAgentVersion({ agentId: agent.agentId })
    await store().agentRecords.putAgents({ agents: [agent] })
    await store().agentRecords.putVersions({ versions: [version] })
    return { agent, version }
  }

  it('orders evaluations of one instant by id, and runs by start, then by id', async () => {
    const { agent, version } = await putVersion()
    const [low, high] = [0, 0].map(() =>
      buildEvaluation({ versionId: version.versionId, status: 'completed', score: 0 }),
    )
    const { evaluationId } = existing(low)
    const runs = [9, 5, 5].map((after) => buildScoredRun({ evaluationId, startedAt: agentTime(after) }))
    await store().agentRecords.putEvaluations({ evaluations: [existing(high), existing(low)] })
    await store().agentRecords.putRuns({ runs })
    const [late, ...early] = runs
    const part = { agent, version }
    const wanted = [
      { ...part, evaluation: high, runs: [] },
      { ...part, evaluation: low, runs: [...early, late] },
    ]
    const { agentAnalyses } = store()
    expect(await agentAnalyses.listVersionExecutions(version)).toStrictEqual(wanted)
    expect(await agentAnalyses.listRecentExecutions({ limit: 2 })).toStrictEqual(wanted)
    expect(await agentAnalyses.findLatestExecution(agent)).toStrictEqual(wanted[0])
  })

  it('shows an evaluation as it stands, with the runs of all of its attempts', async () => {
    const { agent, version } = await putVersion()
    const waiting = buildEvaluation({ versionId: version.versionId })
    const { evaluationId } = waiting
    const cancelled = buildScoredRun({
      evaluationId,
      status: 'cancelled',
      solved: null,
      resultScoredAt: null,
    })
    const running = { ...waiting, status: 'running' as const, attempt: 2, startedAt: agentTime(7) }
    const again = buildScoredRun({ evaluationId, attempt: 2, startedAt: agentTime(8), response: 'x\n"\\' })
    const { agentAnalyses, agentRecords } = store()
    await agentRecords.putEvaluations({ evaluations: [waiting] })
    expect(await agentAnalyses.findLatestExecution(agent)).toBeNull()
    await agentRecords.putRuns({ runs: [again, cancelled] })
    await agentRecords.putEvaluations({ evaluations: [running] })
    const wanted = { evaluation: running, agent, version, runs: [cancelled, again] }
    expect(await agentAnalyses.findLatestExecution(agent)).toStrictEqual(wanted)
    expect(await agentAnalyses.listVersionExecutions(version)).toStrictEqual([wanted])
  })

  it('takes a running evaluation before a newer completed one, and no completed one without a score', async () => {
    const { agent, version } = await putVersion()
    const of = { versionId: version.versionId }
    const scored = buildEvaluation({ ...of, status: 'completed', score: 0, createdAt: agentTime(2) })
    const unscored = buildEvaluation({ ...of, status: 'completed', createdAt: agentTime(3) })
    const failed = buildEvaluation({ ...of, status: 'error', score: 0.5, createdAt: agentTime(4) })
    const running = buildEvaluation({ ...of, status: 'running', createdAt: agentTime(1) })
    const latest = async (): Promise<unknown> =>
      (await store().agentAnalyses.findLatestExecution(agent))?.evaluation
    await store().agentRecords.putEvaluations({ evaluations: [unscored, failed] })
    expect(await latest()).toBeUndefined()
    await store().agentRecords.putEvaluations({ evaluations: [scored] })
    expect(await latest()).toStrictEqual(scored)
    await store().agentRecords.putEvaluations({ evaluations: [running] })
    expect(await latest()).toStrictEqual(running)
  })

  it('leaves an evaluation out until its version and its agent have arrived', async () => {
    const agent = buildAgent()
    const version = buildAgentVersion({ agentId: agent.agentId })
    const createdAt = agentTime(86_400_000)
    const evaluation = buildEvaluation({ versionId: version.versionId, status: 'running', createdAt })
    const { agentAnalyses, agentRecords } = store()
    const found = async (): Promise<unknown> => [
      await agentAnalyses.listVersionExecutions(version),
      await agentAnalyses.findLatestExecution(agent),
    ]
    const [newest] = await agentAnalyses.listRecentExecutions({ limit: 1 })
    await agentRecords.putEvaluations({ evaluations: [evaluation] })
    // Not the newest that can be shown any less: what is missing takes no place of the limit.
    expect(await agentAnalyses.listRecentExecutions({ limit: 1 })).toStrictEqual([newest])
    expect(await found()).toStrictEqual([[], null])
    await agentRecords.putVersions({ versions: [version] })
    expect(await agentAnalyses.listRecentExecutions({ limit: 1 })).toStrictEqual([newest])
    expect(await found()).toStrictEqual([[], null])
    await agentRecords.putAgents({ agents: [agent] })
    const wanted = { evaluation, agent, version, runs: [] }
    expect(await agentAnalyses.listRecentExecutions({ limit: 1 })).toStrictEqual([wanted])
    expect(await agentAnalyses.listVersionExecutions(version)).toStrictEqual([wanted])
    expect(await agentAnalyses.findLatestExecution(agent)).toStrictEqual(wanted)
  })

  it('knows nothing under an id of another kind', async () => {
    const { agent, version } = await putVersion()
    const evaluation = buildEvaluation({ versionId: version.versionId, status: 'running' })
    const { agentAnalyses, agentRecords } = store()
    await agentRecords.putEvaluations({ evaluations: [evaluation] })
    for (const id of [agent.agentId, evaluation.evaluationId, newUuid()]) {
      expect(await agentAnalyses.listVersionExecutions({ versionId: id })).toStrictEqual([])
      expect(await agentAnalyses.listQueuePlaces({ versionId: id })).toStrictEqual([])
    }
    for (const id of [version.versionId, evaluation.evaluationId, newUuid()]) {
      expect(await agentAnalyses.findLatestExecution({ agentId: id })).toBeNull()
      expect(await agentAnalyses.findSummary({ agentId: id })).toBeNull()
    }
  })

  it('refuses questions about executions that make no sense', async () => {
    const { agentAnalyses } = store()
    for (const limit of [0, -1, 1.5, 10_001, Number.NaN]) {
      await expectInvalid(agentAnalyses.listRecentExecutions({ limit }))
    }
    for (const id of ['', '5Alpha', newUuid().toUpperCase(), `${newUuid()} `]) {
      await expectInvalid(agentAnalyses.findLatestExecution({ agentId: id }))
      await expectInvalid(agentAnalyses.listVersionExecutions({ versionId: id }))
    }
  })
}

/** The whole rows of the worked set that an expected execution names. */
function toExecution({ evaluation_id: evaluationId, run_ids: runIds }: ExpectedExecution): AgentExecution {
  const wired = dataset.evaluations.find((row) => row.evaluation_id === evaluationId)
  const evaluation = evaluationFromWire(existing(wired))
  const version = versionFromWire(
    existing(dataset.agent_versions.find((row) => row.version_id === evaluation.versionId)),
  )
  return {
    evaluation,
    version,
    agent: agentFromWire(existing(dataset.agents.find((row) => row.agent_id === version.agentId))),
    runs: runIds.map((runId) =>
      runFromWire(existing(dataset.evaluation_runs.find((row) => row.run_id === runId))),
    ),
  }
}
