import type { Agent, CallOptions, Page, PageParams } from '@subnetkit/core'

import type { ClickHouseConnection } from '../connection.ts'
import { readPage } from '../query/read-page.ts'
import { agentRow } from '../repositories/agent-rows.ts'
import { signalOf } from '../repositories/key-condition.ts'

/** One pass over the agents for each page, which keeps only the page: they are stored by id, not by time. */
export async function readAgents(
  connection: ClickHouseConnection,
  page: Readonly<PageParams>,
  options: CallOptions | undefined,
): Promise<Page<Agent>> {
  return readPage(connection, agentRow, {
    ...page,
    orderBy: [
      { field: 'createdAt', column: 'created_at', type: "DateTime64(3, 'UTC')" },
      { field: 'agentId', column: 'agent_id', type: 'String' },
    ],
    ...signalOf(options),
  })
}
