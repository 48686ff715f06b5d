import { MAX_PAGE_LIMIT, type Page, type PageParams } from '@subnetkit/core'

/** Everything that a list gives, page by page, in its order. For lists that a contest bounds: participants, runs, results. */
export async function allPages<T>(
  list: (page: Required<Pick<PageParams, 'limit' | 'cursor'>>) => Promise<Page<T>>,
): Promise<readonly T[]> {
  const items: T[] = []
  let cursor: string | null = null
  do {
    const page: Page<T> = await list({ limit: MAX_PAGE_LIMIT, cursor })
    items.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== null)
  return items
}
