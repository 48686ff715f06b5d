import type { CallOptions, Page, PageParams } from '@subnetkit/core'

import type { Item } from '../codecs/item.ts'
import { cursorAfter, queryItems, type QueryItemsParams } from './query-items.ts'

/** Which items, and what is made of them. */
export interface QueryFullPageParams<Model> extends QueryItemsParams, PageParams {
  /** One entry for each item, in their order; null leaves it out. Told the items of one request at a time. */
  readonly read: (items: readonly Item[]) => Promise<readonly (Model | null)[]>
}

const FEWEST_PER_REQUEST = 100

/**
 * One page of those items of a query that `read` keeps: asks until the page is full or the partition ends, so that a
 * filter never gives short pages. Its cost is that of all items looked at.
 *
 * @throws StorageError `invalid_input` for a limit outside 1–10,000 and for a cursor of another query.
 */
export async function queryFullPage<Model>(
  params: QueryFullPageParams<Model>,
  options?: CallOptions,
): Promise<Page<Model>> {
  const { read, limit, ...query } = params
  const kept: Model[] = []
  let cursor = params.cursor ?? null
  for (;;) {
    const perRequest =
      kept.length === 0 ? limit : Math.min(limit, Math.max(limit - kept.length, FEWEST_PER_REQUEST))
    const page = await queryItems({ ...query, limit: perRequest, cursor }, options)
    const models = await read(page.items)
    for (const [index, model] of models.entries()) {
      if (model === null) continue
      kept.push(model)
      const last = page.items[index]
      const hasMore = index + 1 < page.items.length || page.nextCursor !== null
      if (kept.length === limit) {
        return { items: kept, nextCursor: last === undefined || !hasMore ? null : cursorAfter(query, last) }
      }
    }
    cursor = page.nextCursor
    if (cursor === null) return { items: kept, nextCursor: null }
  }
}
