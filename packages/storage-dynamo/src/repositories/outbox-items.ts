import { createHash } from 'node:crypto'

import {
  orderedBy,
  outboxEntrySchema,
  outboxStateSchema,
  outboxSubjectSchema,
  uuidSchema,
  type OutboxEntry,
} from '@subnetkit/core'
import { z } from 'zod'

import { instantAttribute } from '../codecs/attributes.ts'
import { createItemCodec } from '../codecs/item-codec.ts'
import type { Item } from '../codecs/item.ts'
import { numberPart, textPart } from '../keys/key-parts.ts'
import { KEY_LIMITS, keyTemplate } from '../keys/key-template.ts'
import { OUTBOX_SHARDS } from '../tables/outbox-table.ts'

const shardKey = keyTemplate<{ shard: number }>({ shard: numberPart('OUTBOX', 2) }, KEY_LIMITS.partition)

/** The partitions of the outbox. */
export const outboxShards: readonly string[] = Array.from({ length: OUTBOX_SHARDS }, (_, shard) =>
  shardKey.build({ shard }),
)

const entrySort = keyTemplate<{ by: string; at: number; entryId: string }>({
  by: textPart('BY'),
  at: numberPart('AT', 15),
  entryId: textPart('ENTRY'),
})

/** One entry. */
export const outboxItem = createItemCodec<OutboxEntry>({
  name: 'outboxEntry',
  schema: z.strictObject({
    entryId: uuidSchema,
    subject: outboxSubjectSchema,
    state: outboxStateSchema,
    putAt: instantAttribute.pipe(outboxEntrySchema.shape.putAt),
  }) satisfies z.ZodType<OutboxEntry>,
  keys: (entry) => outboxKey(entry),
})

/** Where an entry stands, whatever its state. */
export function outboxKey({ entryId, subject, putAt }: OutboxEntry): Item {
  const by = orderedBy(subject)
  const shard = (createHash('sha256').update(by).digest()[0] ?? 0) % OUTBOX_SHARDS
  return { pk: shardKey.build({ shard }), sk: entrySort.build({ by, at: putAt.getTime(), entryId }) }
}
