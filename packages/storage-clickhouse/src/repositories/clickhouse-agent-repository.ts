import {
  agentSchema,
  checkNotFuture,
  hotkeySchema,
  hotkeyTaken,
  mergeAgent,
  uuidSchema,
  type Agent,
  type AgentRepository,
  type CallOptions,
} from '@subnetkit/core'

import { insertRows } from '../query/insert-rows.ts'
import { readOne } from '../query/read-rows.ts'
import { from } from '../query/table-name.ts'
import { agentRow } from './agent-rows.ts'
import { checkParam } from './check-param.ts'
import { signalOf } from './key-condition.ts'
import type { RepositoryContext } from './keyed-rows.ts'
import { readCount } from './read-count.ts'

/**
 * Agents in `agents`. The store has no unique keys: a put looks at the rows first, and two at once can both find a hotkey
 * free. Then the agent that was created first holds it for every reader, of one instant the one with the smaller id. Who
 * needs that decided before it is stored asks DynamoDB.
 */
export function createClickHouseAgentRepository({ connection, version }: RepositoryContext): AgentRepository {
  const findWhere = async (
    where: string,
    params: Readonly<Record<string, string>>,
    options: CallOptions | undefined,
  ): Promise<Agent | null> =>
    readOne(connection, agentRow, {
      sql: `SELECT {columns} FROM {table} WHERE ${where} ORDER BY created_at, agent_id LIMIT 1`,
      params,
      ...signalOf(options),
    })
  const find: AgentRepository['find'] = async ({ agentId }, options) => {
    checkParam('agentId', uuidSchema, agentId)
    return findWhere('agent_id = {agentId:String}', { agentId }, options)
  }
  const findByHotkey: AgentRepository['findByHotkey'] = async ({ minerHotkey }, options) => {
    checkParam('minerHotkey', hotkeySchema, minerHotkey)
    return findWhere('miner_hotkey = {minerHotkey:String}', { minerHotkey }, options)
  }
  return {
    find,
    findByHotkey,
    async put({ agent, now }, options) {
      checkParam('agent', agentSchema, agent)
      checkNotFuture('createdAt', agent.createdAt, now)
      checkNotFuture('lastUpdated', agent.lastUpdated, now)
      const stored = await find(agent, options)
      const holder = stored === null ? await findByHotkey(agent, options) : null
      if (holder !== null) throw hotkeyTaken(agent, holder.agentId)
      const merged = mergeAgent(stored, agent)
      await insertRows(connection, agentRow, [merged], { version, ...signalOf(options) })
      return merged
    },
    async count(options) {
      return readCount(connection, {
        sql: `SELECT count() FROM ${from(connection, agentRow)}`,
        ...signalOf(options),
      })
    },
  }
}
