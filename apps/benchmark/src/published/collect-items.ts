import { MAX_PAGE_LIMIT, type Page } from '@subnetkit/core'

/** What {@link collectItems} read. */
export interface CollectedItems<T> {
  readonly items: readonly T[]
  /** False when there are more than were asked for. */
  readonly isComplete: boolean
}

/** Reads page after page until the end, or until there are `most` items: for lists that are known to be short. */
export async function collectItems<T>(
  most: number,
  readPage: (page: Readonly<{ limit: number; cursor: string | null }>) => Promise<Page<T>>,
): Promise<CollectedItems<T>> {
  const items: T[] = []
  let cursor: string | null = null
  do {
    const page: Page<T> = await readPage({
      limit: Math.max(1, Math.min(MAX_PAGE_LIMIT, most - items.length)),
      cursor,
    })
    items.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== null && items.length < most)
  return { items, isComplete: cursor === null }
}
