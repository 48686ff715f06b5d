import type { CallOptions } from '@subnetkit/core'
import type { CommandSession } from '@subnetkit/core/cli'

import type { IdSources } from '../agents/view/what-id-names.ts'
import type { Config } from '../config.ts'
import type { AgentRegistry } from '../ports/agent-registry.ts'
import type { RecordRepositories } from '../ports/record-store.ts'
import { withReadyValidator } from './with-validator.ts'

/** What commands read agents with. */
export interface AgentsAccess {
  /** As it is decided. */
  readonly registry: AgentRegistry
  /** As it is analysed. */
  readonly record: RecordRepositories
  /** Where the record is, for a person. */
  readonly description: string
  readonly ids: IdSources
  readonly now: () => Date
  readonly call: CallOptions
}

/** Opens both sides of the agent registry for one command, beside whoever serves them. */
export async function withAgents<T>(
  config: Config,
  session: CommandSession,
  use: (access: AgentsAccess) => Promise<T>,
): Promise<T> {
  return await withReadyValidator(config, session, async ({ repositories: registry, now, openRecord }) => {
    const call = { signal: session.signal }
    await using store = await openRecord(call)
    const { description, repositories: record } = store
    const ids = { registries: [registry, record], evaluations: registry.evaluations }
    return await use({ registry, record, description, ids, now, call })
  })
}
