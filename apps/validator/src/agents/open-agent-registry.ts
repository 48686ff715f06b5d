import {
  type Clock,
  createFallbackMetrics,
  type FallbackSettings,
  type Logger,
  type Metrics,
  type Repositories,
  withFallback,
} from '@subnetkit/core'

import type { AgentRegistry } from '../ports/agent-registry.ts'
import type { RecordAccess } from '../published/record-access.ts'

/** What the registry is put together from. */
export interface OpenAgentRegistryParams {
  /** The store that decides. */
  readonly repositories: AgentRegistry & Pick<Repositories, 'outbox'>
  /** The copy, there or not. */
  readonly record: Pick<RecordAccess, 'read'>
  /** False: while the store that decides is down, nobody is answered. */
  readonly isFallbackAllowed: boolean
  readonly clock: Clock
  readonly newId: () => string
  readonly metrics: Pick<Metrics, 'registry'>
  readonly log: Logger
  readonly settings?: Partial<FallbackSettings>
}

/**
 * The agent registry of a service: agents, versions and weights are read from the record while the store that decides does
 * not answer, and each write of theirs is told to the record by the outbox. Evaluations and runs are decided on, so nobody
 * but that store is asked for them.
 */
export function openAgentRegistry({
  repositories,
  record,
  isFallbackAllowed,
  metrics,
  ...parts
}: OpenAgentRegistryParams): AgentRegistry & Pick<Repositories, 'agentAnalyses'> {
  const { agents, agentVersions, evaluationRuns, evaluations, outbox, weightsSnapshots } = repositories
  return withFallback<AgentRegistry>({
    primary: { agents, agentVersions, evaluationRuns, evaluations, weightsSnapshots },
    fallback: record,
    outbox,
    isFallbackAllowed: () => isFallbackAllowed,
    metrics: createFallbackMetrics(metrics),
    ...parts,
  })
}
