import { createHash } from 'node:crypto'

import { z } from 'zod'

import { integerAttribute } from '../codecs/attributes.ts'
import { NumberValue, type Item } from '../codecs/item.ts'
import { numberPart } from '../keys/key-parts.ts'
import { KEY_LIMITS, keyTemplate } from '../keys/key-template.ts'
import { absent, allOf, compare, exists, type Condition } from '../requests/condition.ts'
import { OUTBOX_SHARDS } from '../tables/outbox-index.ts'

const shardKey = keyTemplate<{ shard: number }>({ shard: numberPart('OUTBOX', 2) }, KEY_LIMITS.partition)

/** The partitions of an outbox in the index `by-outbox`. */
export const outboxShards: readonly string[] = Array.from({ length: OUTBOX_SHARDS }, (_, shard) =>
  shardKey.build({ shard }),
)

/** What an item of a table with an outbox carries besides its row. */
export interface CopyState {
  /** True from a write until the state that it left was copied into the other store. */
  readonly awaitsCopy: boolean
  /** Counts writes: what was read before the last one is known to be old. */
  readonly revision: number
}

/** The attributes of {@link CopyState}. Items from before there was an outbox have neither: they await nothing. */
export const copyStateShape = {
  awaitsCopy: z.boolean().default(false),
  revision: integerAttribute.pipe(z.int().min(0)).default(0),
} as const

/** The index key of an item that awaits its copy, spread by an id; nothing for any other. */
export function outboxKey({ awaitsCopy }: CopyState, id: string): Item {
  if (!awaitsCopy) return {}
  const shard = (createHash('sha256').update(id).digest()[0] ?? 0) % OUTBOX_SHARDS
  return { outboxPk: shardKey.build({ shard }) }
}

/** Holds while nobody has written an item since it was read. */
export function isAtRevision({ revision }: Pick<CopyState, 'revision'>): Condition {
  if (revision > 0) return compare('revision', '=', NumberValue.from(revision))
  return allOf(exists('pk'), absent('revision'))
}
