import {
  hotkeySchema,
  instantSchema,
  type AgentUploadAttempt,
  type AgentUploadAttemptRepository,
  type CallOptions,
  type Page,
  type PageParams,
} from '@subnetkit/core'
import { z } from 'zod'

import { checkInput } from '../codecs/check-input.ts'
import { NumberValue } from '../codecs/item.ts'
import type { DynamoConnection } from '../connect.ts'
import { absent, anyOf, compare } from '../requests/condition.ts'
import { putItemIfAbsent } from '../requests/put-item.ts'
import { queryItems } from '../requests/query-items.ts'
import { updateItemIf } from '../requests/update-item.ts'
import { agentUploadAttemptsTable as table } from '../tables/agent-upload-attempts-table.ts'
import {
  hourOf,
  uploadAttemptItem,
  uploadAttemptPartition,
  uploadPlacesItem,
} from './agent-upload-attempt-items.ts'

const admitSchema = z.object({
  minerHotkey: hotkeySchema,
  maxPerHour: z.int().min(1),
  now: instantSchema,
})

/**
 * Attempts in DynamoDB: one put each. A place in an hour is one conditional addition; one that is resent after a lost
 * answer may take two, never none.
 */
export class DynamoAgentUploadAttemptRepository implements AgentUploadAttemptRepository {
  readonly #connection: DynamoConnection

  constructor(connection: DynamoConnection) {
    this.#connection = connection
  }

  async admit(
    params: Readonly<{ minerHotkey: string; maxPerHour: number; now: Date }>,
    options?: CallOptions,
  ): Promise<boolean> {
    checkInput(admitSchema, params, 'admit')
    const { minerHotkey, maxPerHour, now } = params
    const places = { minerHotkey, hour: hourOf(now), taken: 0 }
    const { pk, sk, taken: _none, ...first } = uploadPlacesItem.encode(places)
    const admitted = await updateItemIf(
      {
        connection: this.#connection,
        table,
        key: { pk, sk },
        change: { setIfAbsent: first, add: { taken: 1 } },
        condition: anyOf(absent('taken'), compare('taken', '<', NumberValue.from(maxPerHour))),
      },
      options,
    )
    return admitted !== null
  }

  async append(params: Readonly<{ attempt: AgentUploadAttempt }>, options?: CallOptions): Promise<void> {
    const item = uploadAttemptItem.encode(params.attempt)
    await putItemIfAbsent({ connection: this.#connection, table, item }, options)
  }

  async list(
    params: Readonly<{ minerHotkey: string; now: Date } & PageParams>,
    options?: CallOptions,
  ): Promise<Page<AgentUploadAttempt>> {
    const { minerHotkey, ...page } = params
    checkInput(hotkeySchema, minerHotkey, 'minerHotkey')
    const partition = uploadAttemptPartition.build({ minerHotkey })
    const query = { ...page, connection: this.#connection, table, partition, order: 'descending' } as const
    const { items, nextCursor } = await queryItems(query, options)
    return { items: items.map((item) => uploadAttemptItem.decode(item)), nextCursor }
  }
}
