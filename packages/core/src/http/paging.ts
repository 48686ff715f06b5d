import { z } from 'zod'

import { numberFromText } from '../cli/number-from-text.ts'

/** Largest `limit` that an API accepts. */
export const MAX_HTTP_PAGE_LIMIT = 1_000

/** The shape of a paged query; spread it into a route's own: `z.strictObject({ ...pageQueryShape, network: … })`. */
export const pageQueryShape = {
  limit: numberFromText(
    z.int().min(1).max(MAX_HTTP_PAGE_LIMIT).describe('rows wanted; 100 when it is left out'),
  ).default(100),
  /** `nextCursor` of the page before. */
  cursor: z.string().min(1).max(4096).describe('nextCursor of the page before').optional(),
}

/** A page of `item`s as it crosses the wire; `nextCursor` is null at the end, and only then. */
export function pageReplySchema<Item extends z.ZodType>(
  item: Item,
): z.ZodObject<
  { items: z.ZodReadonly<z.ZodArray<Item>>; nextCursor: z.ZodNullable<z.ZodString> },
  z.core.$strict
> {
  return z.strictObject({ items: z.array(item).readonly(), nextCursor: z.string().nullable() })
}
