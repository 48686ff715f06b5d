import type { Page, PageParams } from '@subnetkit/core'

const PAGE = 1_000

/** Everything that a list gives, page by page. Only a null cursor ends it; an empty page does not. */
export async function* allItems<T>(
  list: (page: Pick<PageParams, 'limit' | 'cursor'>) => Promise<Page<T>>,
): AsyncGenerator<T, void, undefined> {
  let cursor: string | null = null
  do {
    const page: Page<T> = await list({ limit: PAGE, cursor })
    yield* page.items
    cursor = page.nextCursor
  } while (cursor !== null)
}
