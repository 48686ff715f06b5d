import type { CallOptions } from '@subnetkit/core'

import { NumberValue } from '../codecs/item.ts'
import { tableName } from '../tables/table-spec.ts'
import { allOf, compare, compileCondition, exists, Placeholders } from './condition.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import { deleteItem } from './delete-item.ts'
import type { TableTarget } from './item-request.ts'
import { keyOf } from './key-text.ts'

/** What to sweep. */
export interface SweepExpiredParams extends TableTarget {
  /** Items whose expiry is at or before this second go. */
  readonly now: Date
  /** Items looked at in this call, 1–10,000: a whole-table scan in steps. */
  readonly limit: number
  readonly cursor?: string | null
}

/** What one step did. */
export interface SweepResult {
  readonly removed: number
  /** Give it back for the next step; null when the whole table was looked at. */
  readonly nextCursor: string | null
}

/**
 * One step of removing expired items, for engines without an expiry of their own. Each removal is conditional on the
 * item still being expired, so that one which was renewed meanwhile stays. A table without expiry has nothing to do.
 */
export async function sweepExpired(params: SweepExpiredParams, options?: CallOptions): Promise<SweepResult> {
  const { connection, table, now, limit } = params
  if (table.expiryAttribute === null) return { removed: 0, nextCursor: null }
  const cursor = params.cursor ?? null
  const isExpiredNow = allOf(
    exists(table.expiryAttribute),
    compare(table.expiryAttribute, '<=', NumberValue.from(Math.floor(now.getTime() / 1000))),
  )
  const placeholders = new Placeholders()
  const filter = compileCondition(isExpiredNow, placeholders)
  const page = await connection.documents.scan(
    {
      TableName: tableName(connection.tablePrefix, table),
      FilterExpression: filter,
      ...placeholders.fields(),
      Limit: limit,
      ...(cursor === null ? {} : { ExclusiveStartKey: decodeCursor(`sweep\n${table.name}`, cursor) }),
    },
    options,
  )
  let removed = 0
  for (const item of page.Items ?? []) {
    const outcome = await deleteItem(
      { connection, table, key: keyOf(table, item), condition: isExpiredNow },
      options,
    )
    if (outcome === 'removed') removed += 1
  }
  const last = page.LastEvaluatedKey
  return { removed, nextCursor: last === undefined ? null : encodeCursor(`sweep\n${table.name}`, last) }
}
