import type { Repositories } from '../repositories/repositories.ts'
import type { RepositoryContractOptions } from './keyed-rows-repository-contract.ts'

/** The repositories that the ten simple operations ask. */
export type AgentRegistry = Pick<Repositories, 'agents' | 'agentVersions' | 'weightsSnapshots'>

/** What an adapter gives to the suites of the agent registry: all of it, since versions need agents. */
export type AgentRegistryContractOptions = RepositoryContractOptions<AgentRegistry>
