import {
  agentVersionSchema,
  checkNotFuture,
  unknownAgent,
  uuidSchema,
  type AgentRepository,
  type AgentVersion,
  type AgentVersionRepository,
  type CallOptions,
} from '@subnetkit/core'

import { checkInput } from '../codecs/check-input.ts'
import type { DynamoConnection } from '../connect.ts'
import { getItem } from '../requests/get-item.ts'
import { putItemIfAbsent } from '../requests/put-item.ts'
import { queryItems } from '../requests/query-items.ts'
import { updateItem } from '../requests/update-item.ts'
import { agentVersionsTable as table } from '../tables/agent-versions-table.ts'
import {
  agentVersionItem,
  versionKey,
  versionPartition,
  versionPlaceItem,
  versionPlaceKey,
  type VersionPlace,
} from './agent-version-items.ts'

/**
 * Versions in DynamoDB. A new one is two writes: the item that finds it by its id, which settles agent and time for good,
 * then the version. A crash between leaves an item that leads nowhere, which the same put again completes. Agents are
 * never removed, so one that was there before the first write is there for good.
 */
export class DynamoAgentVersionRepository implements AgentVersionRepository {
  readonly #connection: DynamoConnection
  readonly #agents: Pick<AgentRepository, 'find'>

  constructor(connection: DynamoConnection, agents: Pick<AgentRepository, 'find'>) {
    this.#connection = connection
    this.#agents = agents
  }

  async put(
    params: Readonly<{ version: AgentVersion; now: Date }>,
    options?: CallOptions,
  ): Promise<AgentVersion> {
    const { version, now } = params
    checkInput(agentVersionSchema, version, 'version')
    checkNotFuture('createdAt', version.createdAt, now)
    const place = (await this.#findPlace(version.versionId, options)) ?? (await this.#place(version, options))
    const { pk, sk, score, ...first } = agentVersionItem.encode({ ...version, ...place })
    const change = { set: { score }, setIfAbsent: first }
    const item = await updateItem({ connection: this.#connection, table, key: { pk, sk }, change }, options)
    return agentVersionItem.decode(item)
  }

  async find(params: Readonly<{ versionId: string }>, options?: CallOptions): Promise<AgentVersion | null> {
    checkInput(uuidSchema, params.versionId, 'versionId')
    const place = await this.#findPlace(params.versionId, options)
    if (place === null) return null
    const item = await getItem({ connection: this.#connection, table, key: versionKey(place) }, options)
    return item === null ? null : agentVersionItem.decode(item)
  }

  async findLatest(
    params: Readonly<{ agentId: string }>,
    options?: CallOptions,
  ): Promise<AgentVersion | null> {
    checkInput(uuidSchema, params.agentId, 'agentId')
    const partition = versionPartition.build({ agentId: params.agentId })
    const page = await queryItems(
      { connection: this.#connection, table, partition, order: 'descending', limit: 1 },
      options,
    )
    const [item] = page.items
    return item === undefined ? null : agentVersionItem.decode(item)
  }

  /** Where a new version stands from now on: what the first of its writers said. */
  async #place(version: AgentVersion, options: CallOptions | undefined): Promise<VersionPlace> {
    const { versionId, agentId, createdAt } = version
    if ((await this.#agents.find({ agentId }, options)) === null) throw unknownAgent(agentId)
    const place = { versionId, agentId, createdAt }
    const item = versionPlaceItem.encode(place)
    const isFirst = await putItemIfAbsent({ connection: this.#connection, table, item }, options)
    return isFirst ? place : ((await this.#findPlace(versionId, options)) ?? place)
  }

  async #findPlace(versionId: string, options: CallOptions | undefined): Promise<VersionPlace | null> {
    const key = versionPlaceKey(versionId)
    const item = await getItem({ connection: this.#connection, table, key }, options)
    return item === null ? null : versionPlaceItem.decode(item)
  }
}
