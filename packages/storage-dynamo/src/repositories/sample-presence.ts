import {
  StorageError,
  type CallOptions,
  type GenerationRange,
  type Page,
  type PageParams,
  type SampleKey,
  type SampleScope,
} from '@subnetkit/core'

import type { Item } from '../codecs/item.ts'
import type { DynamoConnection } from '../connect.ts'
import { chunkBySize } from '../requests/chunk-by-size.ts'
import { absent, exists } from '../requests/condition.ts'
import { decodeCursor, encodeCursor } from '../requests/cursor.ts'
import { deleteItem } from '../requests/delete-item.ts'
import { checkLimit } from '../requests/check-limit.ts'
import { queryItems, streamItems } from '../requests/query-items.ts'
import { changeItem, updateItemIf } from '../requests/update-item.ts'
import { samplePresenceTable as table } from '../tables/sample-presence-table.ts'
import {
  afterGroup,
  afterItem,
  bucketOf,
  IDS,
  LAST_PRESENCE_KEY,
  presenceKey,
  presencePartition,
  presenceRange,
  readPresence,
  type PresenceGroup,
} from './sample-presence-items.ts'

const CONCURRENT_WRITES = 16
const PAGE_SIZE = 1000
const SCOPE_PAGE_SIZE = 32

/** The marks of samples that are stored: number sets in `sample_presence`. */
export class SamplePresence {
  readonly #connection: DynamoConnection

  constructor(connection: DynamoConnection) {
    this.#connection = connection
  }

  /** Marks samples that are stored; those of one item go in one write. Idempotent. */
  async mark(keys: readonly SampleKey[], options?: CallOptions): Promise<void> {
    await forEachBucket(keys, (key, ids) =>
      changeItem(
        { connection: this.#connection, table, key, change: { addToSets: { [IDS]: ids } } },
        options,
      ),
    )
  }

  /** Takes marks out; those that are not there are passed over. An item without marks goes. */
  async clear(keys: readonly SampleKey[], options?: CallOptions): Promise<void> {
    await forEachBucket(keys, async (key, ids) => {
      const left = await updateItemIf(
        {
          connection: this.#connection,
          table,
          key,
          change: { removeFromSets: { [IDS]: ids } },
          condition: exists(table.partitionKey.name),
        },
        options,
      )
      if (left === null || left[IDS] !== undefined) return
      await deleteItem({ connection: this.#connection, table, key, condition: absent(IDS) }, options)
    })
  }

  /** Marked ids of some generations, ascending, each once. */
  async listTaskIds(
    scope: SampleScope,
    range: GenerationRange,
    options?: CallOptions,
  ): Promise<readonly number[]> {
    const found = new Set<number>()
    const items = streamItems(
      {
        connection: this.#connection,
        table,
        partition: presencePartition(scope.minerHotkey),
        range: presenceRange(scope, range),
        pageSize: PAGE_SIZE,
      },
      options,
    )
    for await (const item of items) for (const id of readPresence(item).ids) found.add(id)
    return [...found].sort((left, right) => left - right)
  }

  /** Groups of a miner that have marks, in the order of keys. */
  async listGroups(
    params: Readonly<{ minerHotkey: string } & PageParams>,
    options?: CallOptions,
  ): Promise<Page<PresenceGroup>> {
    const { minerHotkey, limit } = params
    checkLimit(limit, 'scopes of a miner')
    const partition = presencePartition(minerHotkey)
    const cursorScope = `scopes\n${partition}`
    const groups: PresenceGroup[] = []
    let from = readFrom(cursorScope, params.cursor ?? null)
    while (groups.length < limit) {
      const page = await queryItems(
        {
          connection: this.#connection,
          table,
          partition,
          range: { from, to: LAST_PRESENCE_KEY },
          limit: SCOPE_PAGE_SIZE,
        },
        options,
      )
      for (const item of page.items) {
        const { scope, generation, sortKey, ids } = readPresence(item)
        if (groups.length === limit) break
        if (sortKey < from) continue
        if (ids.length > 0) groups.push({ scope, generation })
        from = ids.length > 0 ? afterGroup({ scope, generation }) : afterItem(sortKey)
      }
      if (page.nextCursor === null && groups.length < limit) return { items: groups, nextCursor: null }
    }
    return { items: groups, nextCursor: encodeCursor(cursorScope, { from }) }
  }
}

function readFrom(scope: string, cursor: string | null): string {
  if (cursor === null) return ' '
  const { from } = decodeCursor(scope, cursor)
  if (typeof from === 'string' && from <= LAST_PRESENCE_KEY) return from
  throw new StorageError({ code: 'invalid_input', message: 'cursor: is not one that this list gave' })
}

/** Calls once for each item that the keys fall into, a few at a time. */
async function forEachBucket(
  keys: readonly SampleKey[],
  run: (key: Item, ids: ReadonlySet<number>) => Promise<void>,
): Promise<void> {
  const buckets = new Map<string, { key: Item; ids: Set<number> }>()
  for (const { generation, taskId, ...scope } of keys) {
    const key = presenceKey({ scope, generation }, bucketOf(taskId))
    const text = `${key.pk}\n${key.sk}`
    const bucket = buckets.get(text) ?? { key, ids: new Set<number>() }
    bucket.ids.add(taskId)
    buckets.set(text, bucket)
  }
  const limits = { maxCount: CONCURRENT_WRITES, maxBytes: 0 }
  for (const some of chunkBySize([...buckets.values()], () => 0, limits)) {
    await Promise.all(some.map(({ key, ids }) => run(key, ids)))
  }
}
