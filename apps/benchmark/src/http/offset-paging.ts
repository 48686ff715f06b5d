import type { Page } from '@subnetkit/core'
import { numberFromText } from '@subnetkit/core/cli'
import { z } from 'zod'

import { collectItems } from '../published/collect-items.ts'

/** A list is read from its start, so a farther page costs more; nobody pages that far. */
const MAX_OFFSET = 10_000

/** The shape of a query that pages by offset, as the list of tournaments always did. */
export const offsetQueryShape = {
  limit: numberFromText(z.int().min(1).max(100).describe('rows wanted; 20 when it is left out')).default(20),
  offset: numberFromText(
    z.int().min(0).max(MAX_OFFSET).describe('rows to skip; 0 when it is left out'),
  ).default(0),
}

/** Where a page stands in the whole. */
export const paginationSchema = z.strictObject({
  total: z.int().min(0),
  limit: z.int(),
  offset: z.int(),
  has_more: z.boolean(),
})

/** See {@link paginationSchema}. */
export function paginationOf(
  { limit, offset }: Readonly<{ limit: number; offset: number }>,
  total: number,
): z.input<typeof paginationSchema> {
  return { total, limit, offset, has_more: offset + limit < total }
}

/** Skips to the offset of a list that pages by cursor. */
export async function readAtOffset<T>(
  { limit, offset }: Readonly<{ limit: number; offset: number }>,
  readPage: (page: Readonly<{ limit: number; cursor: string | null }>) => Promise<Page<T>>,
): Promise<readonly T[]> {
  const { items } = await collectItems(offset + limit, readPage)
  return items.slice(offset, offset + limit)
}
