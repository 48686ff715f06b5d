import {
  StorageError,
  type CallOptions,
  type RowOutbox,
  type RowOutboxEntry,
  type RowOutboxPage,
} from '@subnetkit/core'

import type { ItemCodec } from '../codecs/item-codec.ts'
import type { Item } from '../codecs/item.ts'
import type { DynamoConnection } from '../connect.ts'
import { batchGet } from '../requests/batch-get.ts'
import { countItems } from '../requests/count-items.ts'
import { getItem } from '../requests/get-item.ts'
import { keyOf, keyText } from '../requests/key-text.ts'
import { queryItems } from '../requests/query-items.ts'
import { runInParallel } from '../requests/run-in-parallel.ts'
import { updateItemIf } from '../requests/update-item.ts'
import { outboxIndex } from '../tables/outbox-index.ts'
import type { TableSpec } from '../tables/table-spec.ts'
import { isAtRevision, outboxShards, type CopyState } from './outbox-key.ts'

/** How many entries are settled at once. */
const AT_ONCE = 8

/** Which table's outbox, and what its items hold. */
export interface ItemOutboxOptions<Row, Stored extends CopyState> {
  readonly connection: DynamoConnection
  readonly table: TableSpec
  readonly codec: ItemCodec<Stored>
  readonly rowOf: (record: Stored) => Row
  readonly keyOfRow: (row: Row) => Item
}

/**
 * The outbox that a table's items carry themselves. The index says which items, the items say how they are: one that was
 * settled a moment ago and is still in the index is passed over.
 */
export function createItemOutbox<Row, Stored extends CopyState>(
  options: ItemOutboxOptions<Row, Stored>,
): RowOutbox<Row> {
  const { connection, table, codec, rowOf, keyOfRow } = options
  const target = { connection, table }
  const entryOf = (record: Stored): RowOutboxEntry<Row> => ({
    row: rowOf(record),
    mark: `${record.revision}`,
  })

  /** Null when it is settled; the entry as it is now when it has changed. */
  const settleOne = async (
    { row, mark }: RowOutboxEntry<Row>,
    call: CallOptions | undefined,
  ): Promise<RowOutboxEntry<Row> | null> => {
    const key = keyOfRow(row)
    const condition = isAtRevision({ revision: Number(mark) })
    const change = { set: { awaitsCopy: false }, remove: [outboxIndex.partitionKey.name] }
    if ((await updateItemIf({ ...target, key, change, condition }, call)) !== null) return null
    const item = await getItem({ ...target, key }, call)
    return item === null ? null : entryOf(codec.decode(item))
  }

  return {
    async list({ limit, cursor = null }, call) {
      const { shard, inner } = placeOf(cursor)
      const query = { ...target, index: outboxIndex, partition: outboxShards[shard], limit, cursor: inner }
      const found = await queryItems(query, call)
      const keys = found.items.map((item) => keyOf(table, item))
      const entries: RowOutboxEntry<Row>[] = []
      const unreadable: { place: string; problem: string }[] = []
      for (const item of await batchGet({ ...target, keys }, call)) {
        if (item === null) continue
        try {
          const record = codec.decode(item)
          if (record.awaitsCopy) entries.push(entryOf(record))
        } catch (error) {
          if (!(error instanceof StorageError)) throw error
          unreadable.push({ place: keyText(table, item), problem: error.message })
        }
      }
      return {
        entries,
        unreadable,
        nextCursor: nextPlace(shard, found.nextCursor),
      } satisfies RowOutboxPage<Row>
    },
    async settle({ entries }, call) {
      const left = await runInParallel(entries, AT_ONCE, async (entry) => await settleOne(entry, call))
      return left.filter((entry) => entry !== null)
    },
    async count(call) {
      const counts = await runInParallel(outboxShards, AT_ONCE, async (partition) =>
        countItems({ ...target, index: outboxIndex, partition }, call),
      )
      return counts.reduce((sum, count) => sum + count, 0)
    },
  }
}

/** A cursor is a shard's number and what its query gave. */
function placeOf(cursor: string | null): { readonly shard: number; readonly inner: string | null } {
  if (cursor === null) return { shard: 0, inner: null }
  const match = /^(\d{1,2}):(.*)$/.exec(cursor)
  const shard = Number(match?.[1])
  if (match === null || shard >= outboxShards.length) {
    throw new StorageError({
      code: 'invalid_input',
      message: 'cursor: is not one that this list gave; start again without a cursor',
      details: { field: 'cursor' },
    })
  }
  return { shard, inner: match[2] === '' ? null : (match[2] ?? null) }
}

function nextPlace(shard: number, inner: string | null): string | null {
  if (inner !== null) return `${shard}:${inner}`
  return shard + 1 < outboxShards.length ? `${shard + 1}:` : null
}
