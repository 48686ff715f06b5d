import {
  versionScoreOf,
  type Agent,
  type AgentExecution,
  type AgentStatistics,
  type AgentSummary,
  type AgentVersion,
  type Evaluation,
  type LeadingAgent,
  type QueuePlace,
  type TopAgent,
  type WeightsSnapshot,
} from '@subnetkit/core'

import type { RegistryRows } from './random-agent-registry.ts'

const DAY = 86_400_000

type Key = string | number
type Order<Row> = (a: Row, b: Row) => number

/** By these keys, one after the other. */
function ascending<Row>(...keys: readonly ((row: Row) => Key)[]): Order<Row> {
  return (a, b) => {
    for (const key of keys) {
      const [left, right] = [key(a), key(b)]
      if (left !== right) return left < right ? -1 : 1
    }
    return 0
  }
}

const descending =
  <Row>(order: Order<Row>): Order<Row> =>
  (a, b) =>
    order(b, a)

const created = ({ createdAt }: Pick<Agent, 'createdAt'>): number => createdAt.getTime()
const newestEvaluation = descending(ascending<Evaluation>(created, ({ evaluationId }) => evaluationId))

/** The agents in the order of their list. */
export function plainAgents({ agents }: RegistryRows): readonly Agent[] {
  return agents.toSorted(ascending<Agent>(created, ({ agentId }) => agentId))
}

/** Q1. */
export function plainTopAgents({ agents, versions }: RegistryRows, limit: number): readonly TopAgent[] {
  const newest = descending(ascending<AgentVersion>(created, ({ versionId }) => versionId))
  return agents
    .flatMap(({ agentId, minerHotkey, name }) => {
      const own = versions.filter((version) => version.agentId === agentId).toSorted(newest)
      const shown = own.find(({ score }) => score !== null) ?? own[0]
      if (shown === undefined) return []
      const { versionId, versionNum, createdAt: versionCreatedAt, score } = shown
      return [{ agentId, minerHotkey, name, versionId, versionNum, versionCreatedAt, score }]
    })
    .toSorted(
      ascending(
        ({ score }) => -(score ?? -1),
        ({ versionCreatedAt }) => versionCreatedAt.getTime(),
        ({ agentId }) => agentId,
      ),
    )
    .slice(0, limit)
}

/** Every evaluation that has its version and agent, newest first. */
function executions({ agents, versions, evaluations, runs }: RegistryRows): readonly AgentExecution[] {
  return evaluations.toSorted(newestEvaluation).flatMap((evaluation) => {
    const version = versions.find(({ versionId }) => versionId === evaluation.versionId)
    const agent = agents.find(({ agentId }) => agentId === version?.agentId)
    if (version === undefined || agent === undefined) return []
    const own = runs
      .filter(({ evaluationId }) => evaluationId === evaluation.evaluationId)
      .toSorted(
        ascending(
          ({ startedAt }) => startedAt.getTime(),
          ({ runId }) => runId,
        ),
      )
    return [{ evaluation, agent, version, runs: own }]
  })
}

/** Q2. */
export function plainRecentExecutions(rows: RegistryRows, limit: number): readonly AgentExecution[] {
  return executions(rows).slice(0, limit)
}

/** Q3. */
export function plainLatestExecution(rows: RegistryRows, agentId: string): AgentExecution | null {
  const own = executions(rows).filter(({ agent }) => agent.agentId === agentId)
  return (
    own.find(({ evaluation }) => evaluation.status === 'running') ??
    own.find(({ evaluation }) => evaluation.status === 'completed' && evaluation.score !== null) ??
    null
  )
}

/** Q4. */
export function plainSummary(rows: RegistryRows, is: (agent: Agent) => boolean): AgentSummary | null {
  const agent = plainAgents(rows).find(is)
  if (agent === undefined) return null
  const newest = descending<AgentVersion>(
    ascending(
      ({ versionNum }) => versionNum,
      ({ versionId }) => versionId,
    ),
  )
  const versions = rows.versions
    .filter(({ agentId }) => agentId === agent.agentId)
    .toSorted(newest)
    .map((version) => {
      const own = rows.evaluations.filter(({ versionId }) => versionId === version.versionId)
      return { ...version, score: versionScoreOf(own, version.score) }
    })
  return { agent, versions }
}

/** Q5. */
export function plainVersionExecutions(rows: RegistryRows, versionId: string): readonly AgentExecution[] {
  return executions(rows).filter(({ version }) => version.versionId === versionId)
}

/** Q6, by what holds at the beginning of each stretch in which nothing changes. */
export function plainTopMinerShare({ snapshots }: RegistryRows, minerHotkey: string, now: Date): number {
  const changes = snapshots.map(({ timestamp }) => timestamp.getTime())
  const bounds = [...new Set([now.getTime() - DAY, ...changes, now.getTime()])].filter(
    (at) => at >= now.getTime() - DAY && at <= now.getTime(),
  )
  const held = bounds
    .toSorted((a, b) => a - b)
    .map((at, index, all) => {
      const before = snapshots.filter(({ timestamp }) => timestamp.getTime() <= at).toSorted(byTime)
      const [top] = (before.at(-1)?.minerWeights ?? [])
        .filter(({ weight }) => weight > 0)
        .toSorted(
          ascending(
            ({ weight }) => -weight,
            (entry) => entry.minerHotkey,
          ),
        )
      return top?.minerHotkey === minerHotkey ? (all[index + 1] ?? at) - at : 0
    })
  return held.reduce((sum, ms) => sum + ms, 0) / DAY
}

const byTime = ascending<WeightsSnapshot>(
  ({ timestamp }) => timestamp.getTime(),
  ({ id }) => id,
)

/** Q7. */
export function plainWeightsHistory({ snapshots }: RegistryRows, now: Date): readonly WeightsSnapshot[] {
  const from = now.getTime() - DAY
  const prior = snapshots
    .filter(({ timestamp }) => timestamp.getTime() < from)
    .toSorted(byTime)
    .slice(-1)
  const window = snapshots.filter(({ timestamp }) => timestamp.getTime() >= from && timestamp <= now)
  return [...prior, ...window.toSorted(byTime)]
}

/** Q8. */
export function plainQueuePlaces({ evaluations }: RegistryRows, versionId: string): readonly QueuePlace[] {
  const oldest = evaluations.toSorted(descending(newestEvaluation))
  return oldest
    .filter((evaluation) => evaluation.versionId === versionId)
    .map(({ evaluationId, validatorHotkey, status }) => {
      const queue = oldest.filter(
        (one) => one.status === 'waiting' && one.validatorHotkey === validatorHotkey,
      )
      const waits = queue.findIndex((one) => one.evaluationId === evaluationId) + 1
      const ended = status === 'completed' ? -1 : null
      return { validatorHotkey, place: waits > 0 ? waits : status === 'running' ? 0 : ended }
    })
}

/** Who leads. */
export function plainLeader(
  { agents, versions, evaluations }: RegistryRows,
  { minValidators, tolerance }: Readonly<{ minValidators: number; tolerance: number }>,
): LeadingAgent | null {
  const scored = versions.flatMap((version) => {
    const own = evaluations.filter(
      ({ versionId, status, score }) =>
        versionId === version.versionId && status === 'completed' && score !== null,
    )
    const agent = agents.find(({ agentId }) => agentId === version.agentId)
    const score = versionScoreOf(own, null)
    if (own.length < minValidators || agent === undefined || score === null) return []
    const { agentId, minerHotkey } = agent
    return [
      { agentId, minerHotkey, versionId: version.versionId, versionCreatedAt: version.createdAt, score },
    ]
  })
  const best = Math.max(...scored.map(({ score }) => score))
  const [leader] = scored
    .filter(({ score }) => score >= (1 - tolerance) * best)
    .toSorted(
      ascending(
        ({ versionCreatedAt }) => versionCreatedAt.getTime(),
        ({ versionId }) => versionId,
      ),
    )
  return leader ?? null
}

/** How the registry stands. */
export function plainStatistics({ versions }: RegistryRows, now: Date): AgentStatistics {
  const until = versions.filter(({ createdAt }) => createdAt <= now)
  const isOld = ({ createdAt }: AgentVersion): boolean => createdAt.getTime() < now.getTime() - DAY
  const best = (some: readonly AgentVersion[]): number | null => {
    const scores = some.flatMap(({ score }) => score ?? [])
    return scores.length === 0 ? null : Math.max(...scores)
  }
  const topScore = best(until)
  return {
    versions: until.length,
    versionsLastDay: until.filter((version) => !isOld(version)).length,
    topScore,
    dailyScoreImprovement: (topScore ?? 0) - (best(until.filter(isOld)) ?? 0),
  }
}
