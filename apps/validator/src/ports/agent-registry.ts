import type { Repositories } from '@subnetkit/core'

/** The agent registry as it is decided on: agents, their versions, who judges them, and the miners' weights. */
export type AgentRegistry = Pick<
  Repositories,
  'agents' | 'agentVersions' | 'evaluationRuns' | 'evaluations' | 'weightsSnapshots'
>
