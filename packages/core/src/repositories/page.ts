/** One page of a list. An empty page is not the end; a null cursor is. */
export interface Page<T> {
  readonly items: readonly T[]
  /** Give it back to read on; null at the end. Opaque: it belongs to the method and the parameters that gave it. */
  readonly nextCursor: string | null
}

/** How a page is asked for. */
export interface PageParams {
  /** Rows wanted, 1–10,000. */
  readonly limit: number
  /** From the page before; absent or null for the first page. */
  readonly cursor?: string | null
}

/** Largest `limit` of a page. */
export const MAX_PAGE_LIMIT = 10_000
