import {
  agentSchema,
  checkNotFuture,
  hotkeySchema,
  hotkeyTaken,
  isStorageError,
  uuidSchema,
  type Agent,
  type AgentRepository,
  type CallOptions,
} from '@subnetkit/core'

import { checkInput } from '../codecs/check-input.ts'
import type { DynamoConnection } from '../connect.ts'
import { compare } from '../requests/condition.ts'
import { countItems } from '../requests/count-items.ts'
import { deleteItem } from '../requests/delete-item.ts'
import { getItem } from '../requests/get-item.ts'
import { putItem, putItemIfAbsent } from '../requests/put-item.ts'
import { updateItem } from '../requests/update-item.ts'
import { agentsTable as table } from '../tables/agents-table.ts'
import {
  agentItem,
  agentKey,
  agentShards,
  hotkeyClaimItem,
  hotkeyKey,
  type HotkeyClaim,
} from './agent-items.ts'

/**
 * Agents in DynamoDB. A new one is two writes: (1) its hotkey is claimed for its id, which one of any number of callers
 * gets; (2) the agent is written. A crash after (1) leaves a hotkey that waits for its agent: the same id finishes it, any
 * other is told that id. A claim whose agent turned out to have another hotkey (two first uploads of one id at once) is
 * void, and the next caller takes it over.
 */
export class DynamoAgentRepository implements AgentRepository {
  readonly #connection: DynamoConnection

  constructor(connection: DynamoConnection) {
    this.#connection = connection
  }

  async put(params: Readonly<{ agent: Agent; now: Date }>, options?: CallOptions): Promise<Agent> {
    const { agent, now } = params
    checkInput(agentSchema, agent, 'agent')
    checkNotFuture('createdAt', agent.createdAt, now)
    checkNotFuture('lastUpdated', agent.lastUpdated, now)
    const isNew = (await this.find(agent, options)) === null
    if (isNew) await this.#claimHotkey(agent, options)
    const { pk, latestVersion, lastUpdated, ...first } = agentItem.encode(agent)
    const change = { set: { latestVersion, lastUpdated }, setIfAbsent: first }
    const stored = agentItem.decode(
      await updateItem({ connection: this.#connection, table, key: { pk }, change }, options),
    )
    if (isNew && stored.minerHotkey !== agent.minerHotkey) await this.#releaseHotkey(agent, options)
    return stored
  }

  async find(params: Readonly<{ agentId: string }>, options?: CallOptions): Promise<Agent | null> {
    checkInput(uuidSchema, params.agentId, 'agentId')
    const key = { pk: agentKey.build({ agentId: params.agentId }) }
    const item = await getItem({ connection: this.#connection, table, key }, options)
    return item === null ? null : agentItem.decode(item)
  }

  async findByHotkey(
    params: Readonly<{ minerHotkey: string }>,
    options?: CallOptions,
  ): Promise<Agent | null> {
    const { minerHotkey } = params
    checkInput(hotkeySchema, minerHotkey, 'minerHotkey')
    const claim = await this.#findClaim(minerHotkey, options)
    const agent = claim === null ? null : await this.find(claim, options)
    return agent?.minerHotkey === minerHotkey ? agent : null
  }

  async count(options?: CallOptions): Promise<number> {
    const [index] = table.indexes
    const counts = await Promise.all(
      agentShards.map((partition) =>
        countItems(
          { connection: this.#connection, table, partition, ...(index === undefined ? {} : { index }) },
          options,
        ),
      ),
    )
    return counts.reduce((sum, count) => sum + count, 0)
  }

  /** @throws StorageError `conflict` when another agent has the hotkey, or is about to get it. */
  async #claimHotkey(agent: Agent, options: CallOptions | undefined): Promise<void> {
    const { minerHotkey, agentId } = agent
    const item = hotkeyClaimItem.encode({ minerHotkey, agentId })
    const target = { connection: this.#connection, table }
    if (await putItemIfAbsent({ ...target, item }, options)) return
    const held = await this.#findClaim(minerHotkey, options)
    if (held?.agentId === agentId) return
    const holder = held === null ? null : await this.find(held, options)
    // Released in between, or of an agent that has not come yet, or that has this hotkey: only the last two are taken.
    if (held !== null && (holder === null || holder.minerHotkey === minerHotkey)) {
      throw hotkeyTaken(agent, held.agentId)
    }
    if (held === null) return this.#claimHotkey(agent, options)
    try {
      await putItem({ ...target, item, condition: compare('agentId', '=', held.agentId) }, options)
    } catch (error) {
      if (!isStorageError(error, 'conflict')) throw error
      return this.#claimHotkey(agent, options)
    }
  }

  async #releaseHotkey(claim: HotkeyClaim, options: CallOptions | undefined): Promise<void> {
    const key = { pk: hotkeyKey.build({ minerHotkey: claim.minerHotkey }) }
    const condition = compare('agentId', '=', claim.agentId)
    await deleteItem({ connection: this.#connection, table, key, condition }, options)
  }

  async #findClaim(minerHotkey: string, options: CallOptions | undefined): Promise<HotkeyClaim | null> {
    const key = { pk: hotkeyKey.build({ minerHotkey }) }
    const item = await getItem({ connection: this.#connection, table, key }, options)
    return item === null ? null : hotkeyClaimItem.decode(item)
  }
}
