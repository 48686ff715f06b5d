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
import { putItemIfAbsent } from '../requests/put-item.ts'
import { queryItems } from '../requests/query-items.ts'
import { updateItem } from '../requests/update-item.ts'
import { agentVersionsTable as table } from '../tables/agent-versions-table.ts'
import {
  agentVersionItem,
  versionOf,
  versionPartition,
  versionPlaceItem,
  type VersionPlace,
} from './agent-version-items.ts'
import type { StoredVersions } from './stored-versions.ts'

/**
 * Versions in DynamoDB. A new one is two writes: the item that finds it by its id, which settles agent and time for good,
 * then the version. A crash between leaves an item that leads nowhere, which the same put again completes. Agents are
 * never removed, so one that was there before the first write is there for good.
 */
export class DynamoAgentVersionRepository implements AgentVersionRepository {
  readonly #connection: DynamoConnection
  readonly #stored: StoredVersions
  readonly #agents: Pick<AgentRepository, 'find'>

  constructor(connection: DynamoConnection, stored: StoredVersions, agents: Pick<AgentRepository, 'find'>) {
    this.#connection = connection
    this.#stored = stored
    this.#agents = agents
  }

  async put(
    params: Readonly<{ version: AgentVersion; now: Date }>,
    options?: CallOptions,
  ): Promise<AgentVersion> {
    const { version, now } = params
    checkInput(agentVersionSchema, version, 'version')
    checkNotFuture('createdAt', version.createdAt, now)
    const { versionId } = version
    const place = (await this.#stored.findPlace(versionId, options)) ?? (await this.#place(version, options))
    const record = { ...version, ...place, awaitsCopy: false, revision: 0 }
    const { pk, sk, score, revision: _counted, ...first } = agentVersionItem.encode(record)
    const change = { set: { score }, setIfAbsent: first, add: { revision: 1 } }
    const item = await updateItem({ connection: this.#connection, table, key: { pk, sk }, change }, options)
    return versionOf(agentVersionItem.decode(item))
  }

  async find(params: Readonly<{ versionId: string }>, options?: CallOptions): Promise<AgentVersion | null> {
    checkInput(uuidSchema, params.versionId, 'versionId')
    const record = await this.#stored.find(params.versionId, options)
    return record === null ? null : versionOf(record)
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
    return item === undefined ? null : versionOf(agentVersionItem.decode(item))
  }

  /** Where a new version stands from now on: what the first of its writers said. */
  async #place(version: AgentVersion, options: CallOptions | undefined): Promise<VersionPlace> {
    const { versionId, agentId, createdAt } = version
    if ((await this.#agents.find({ agentId }, options)) === null) throw unknownAgent(agentId)
    const place = { versionId, agentId, createdAt }
    const item = versionPlaceItem.encode(place)
    const isFirst = await putItemIfAbsent({ connection: this.#connection, table, item }, options)
    return isFirst ? place : ((await this.#stored.findPlace(versionId, options)) ?? place)
  }
}
