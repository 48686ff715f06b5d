import type { CallOptions } from '@subnetkit/core'
import { z } from 'zod'

import { floatAttribute } from '../codecs/attributes.ts'
import type { DynamoConnection } from '../connect.ts'
import { exists } from '../requests/condition.ts'
import { getItem } from '../requests/get-item.ts'
import { changeItem } from '../requests/update-item.ts'
import { agentVersionsTable as table } from '../tables/agent-versions-table.ts'
import {
  agentVersionItem,
  versionKey,
  versionPlaceItem,
  versionPlaceKey,
  type AgentVersionRecord,
  type VersionPlace,
} from './agent-version-items.ts'
import { outboxKey } from './outbox-key.ts'

/** Reads of versions by their id, and the score that evaluations make: what two repositories share. */
export class StoredVersions {
  readonly #connection: DynamoConnection

  constructor(connection: DynamoConnection) {
    this.#connection = connection
  }

  /** Where a version stands; null for one that nobody began to store. */
  async findPlace(versionId: string, options: CallOptions | undefined): Promise<VersionPlace | null> {
    const key = versionPlaceKey(versionId)
    const item = await getItem({ connection: this.#connection, table, key }, options)
    return item === null ? null : versionPlaceItem.decode(item)
  }

  /** By its id. */
  async find(versionId: string, options: CallOptions | undefined): Promise<AgentVersionRecord | null> {
    const place = await this.findPlace(versionId, options)
    if (place === null) return null
    const item = await getItem({ connection: this.#connection, table, key: versionKey(place) }, options)
    return item === null ? null : agentVersionItem.decode(item)
  }

  /** Sets the score of a version that is there, and marks it as not copied in the same write. */
  async setScore(
    version: VersionPlace,
    score: number | null,
    options: CallOptions | undefined,
  ): Promise<void> {
    const stored = score === null ? null : z.encode(floatAttribute, score)
    const entry = outboxKey({ awaitsCopy: true, revision: 0 }, version.versionId)
    await changeItem(
      {
        connection: this.#connection,
        table,
        key: versionKey(version),
        change: { set: { score: stored, awaitsCopy: true, ...entry }, add: { revision: 1 } },
        condition: exists('pk'),
      },
      options,
    )
  }
}
