import {
  agentVersionSchema,
  checkNotFuture,
  mergeAgentVersion,
  unknownAgent,
  uuidSchema,
  type AgentRepository,
  type AgentVersionRepository,
} from '@subnetkit/core'

import { insertRows } from '../query/insert-rows.ts'
import { readOne } from '../query/read-rows.ts'
import { agentVersionRow } from './agent-version-rows.ts'
import { checkParam } from './check-param.ts'
import { signalOf } from './key-condition.ts'
import type { RepositoryContext } from './keyed-rows.ts'

/**
 * Versions in `agent_versions`. A put looks at the rows first. Of two new ones of one id at once that name different
 * agents, the one of the smaller agent id is the version for every reader.
 */
export function createClickHouseAgentVersionRepository(
  { connection, version: clock }: RepositoryContext,
  agents: Pick<AgentRepository, 'find'>,
): AgentVersionRepository {
  const find: AgentVersionRepository['find'] = async ({ versionId }, options) => {
    checkParam('versionId', uuidSchema, versionId)
    return readOne(connection, agentVersionRow, {
      sql: 'SELECT {columns} FROM {table} WHERE version_id = {versionId:String} ORDER BY agent_id LIMIT 1',
      params: { versionId },
      ...signalOf(options),
    })
  }
  return {
    find,
    async put({ version, now }, options) {
      checkParam('version', agentVersionSchema, version)
      checkNotFuture('createdAt', version.createdAt, now)
      const stored = await find(version, options)
      if (stored === null && (await agents.find(version, options)) === null) {
        throw unknownAgent(version.agentId)
      }
      const merged = mergeAgentVersion(stored, version)
      await insertRows(connection, agentVersionRow, [merged], { version: clock, ...signalOf(options) })
      return merged
    },
    async findLatest({ agentId }, options) {
      checkParam('agentId', uuidSchema, agentId)
      return readOne(connection, agentVersionRow, {
        sql: `SELECT {columns} FROM {table} WHERE agent_id = {agentId:String}
ORDER BY created_at DESC, version_id DESC LIMIT 1`,
        params: { agentId },
        ...signalOf(options),
      })
    },
  }
}
