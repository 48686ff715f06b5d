import {
  outboxEntrySchema,
  StorageError,
  type CallOptions,
  type OutboxEntry,
  type OutboxRepository,
  type Page,
  type PageParams,
} from '@subnetkit/core'

import { checkInput } from '../codecs/check-input.ts'
import type { DynamoConnection } from '../connect.ts'
import { compare } from '../requests/condition.ts'
import { countItems } from '../requests/count-items.ts'
import { decodeCursor, encodeCursor } from '../requests/cursor.ts'
import { deleteItem } from '../requests/delete-item.ts'
import { putItem } from '../requests/put-item.ts'
import { queryItems } from '../requests/query-items.ts'
import { outboxTable as table } from '../tables/outbox-table.ts'
import { outboxItem, outboxKey, outboxShards } from './outbox-items.ts'

const SCOPE = 'outbox entries'

/** The outbox in DynamoDB: one item for each entry, part by part. A page ends with its part. */
export class DynamoOutboxRepository implements OutboxRepository {
  readonly #connection: DynamoConnection

  constructor(connection: DynamoConnection) {
    this.#connection = connection
  }

  async put({ entry }: Readonly<{ entry: OutboxEntry }>, options?: CallOptions): Promise<void> {
    checkInput(outboxEntrySchema, entry, 'entry')
    await putItem({ connection: this.#connection, table, item: outboxItem.encode(entry) }, options)
  }

  async list({ limit, cursor }: PageParams, options?: CallOptions): Promise<Page<OutboxEntry>> {
    const place = readPlace(cursor ?? null)
    const page = await queryItems(
      { connection: this.#connection, table, partition: place.partition, limit, cursor: place.cursor },
      options,
    )
    const items = page.items.map((item) => outboxItem.decode(item))
    if (page.nextCursor !== null) {
      return { items, nextCursor: encodeCursor(SCOPE, { shard: `${place.shard}`, cursor: page.nextCursor }) }
    }
    const next = place.shard + 1
    const isLast = next === outboxShards.length
    return { items, nextCursor: isLast ? null : encodeCursor(SCOPE, { shard: `${next}` }) }
  }

  async remove({ entry }: Readonly<{ entry: OutboxEntry }>, options?: CallOptions): Promise<boolean> {
    checkInput(outboxEntrySchema, entry, 'entry')
    const condition = compare('state', '=', entry.state)
    const key = outboxKey(entry)
    return (await deleteItem({ connection: this.#connection, table, key, condition }, options)) === 'removed'
  }

  async count(options?: CallOptions): Promise<number> {
    const counts = await Promise.all(
      outboxShards.map((partition) =>
        countItems({ connection: this.#connection, table, partition }, options),
      ),
    )
    return counts.reduce((sum, count) => sum + count, 0)
  }
}

function readPlace(given: string | null): {
  readonly shard: number
  readonly partition: string
  readonly cursor: string | null
} {
  const { shard, cursor } = given === null ? { shard: '0' } : decodeCursor(SCOPE, given)
  const partition = outboxShards[Number(shard)]
  if (partition !== undefined) {
    return { shard: Number(shard), partition, cursor: typeof cursor === 'string' ? cursor : null }
  }
  throw new StorageError({
    code: 'invalid_input',
    message: 'cursor: is not one that this list gave; start again without a cursor',
    details: { field: 'cursor' },
  })
}
