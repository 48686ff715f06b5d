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
import { absent, exists } from '../requests/condition.ts'
import { decodeCursor, encodeCursor } from '../requests/cursor.ts'
import { deleteItem } from '../requests/delete-item.ts'
import { checkLimit } from '../requests/check-limit.ts'
import { queryItems, streamItems } from '../requests/query-items.ts'
import { runInParallel } from '../requests/run-in-parallel.ts'
import { changeItem, updateItemIf } from '../requests/update-item.ts'
import { samplePresenceTable as table } from '../tables/sample-presence-table.ts'
import {
  afterGroup,
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

  /**
   * Takes marks out; those that are not there are passed over. Gives the items that have no marks any more: they stay,
   * so that a removal that dies is found by `listGroups`, until {@link dropEmpty} takes them.
   */
  async clear(keys: readonly SampleKey[], options?: CallOptions): Promise<readonly Item[]> {
    const emptied: Item[] = []
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
      if (left !== null && left[IDS] === undefined) emptied.push(key)
    })
    return emptied
  }

  /** Takes items without marks away; one that got a mark meanwhile stays. */
  async dropEmpty(items: readonly Item[], options?: CallOptions): Promise<void> {
    const condition = absent(IDS)
    await runInParallel(items, CONCURRENT_WRITES, (key) =>
      deleteItem({ connection: this.#connection, table, key, condition }, options),
    )
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

  /** Groups of a miner that have marks, or had them before a removal that did not come to its end, in the order of keys. */
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
        const { scope, generation, sortKey } = readPresence(item)
        if (groups.length === limit) break
        if (sortKey < from) continue
        groups.push({ scope, generation })
        from = afterGroup({ scope, generation })
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
  await runInParallel([...buckets.values()], CONCURRENT_WRITES, ({ key, ids }) => run(key, ids))
}
