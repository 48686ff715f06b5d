import { z } from 'zod'

import { instantAttribute, integerAttribute } from '../codecs/attributes.ts'
import { createItemCodec } from '../codecs/item-codec.ts'
import { textPart } from '../keys/key-parts.ts'
import { KEY_LIMITS, keyTemplate } from '../keys/key-template.ts'

/** Partition of the shards of one source. */
export const sourceKey = keyTemplate<{ source: string }>({ source: textPart('SOURCE') }, KEY_LIMITS.partition)

/** Sort key of one shard. */
export const shardKey = keyTemplate<{ shard: string }>({ shard: textPart('SHARD') })

/** Where the lease of a shard is kept in its item. */
export const shardLease = { owner: 'leaseOwner', token: 'leaseToken', expiresAt: 'leaseExpiresAt' } as const

const count = integerAttribute.refine((value) => value >= 0, 'must not be negative')

const importShardSchema = z.strictObject({
  source: z.string().min(1),
  shard: z.string().min(1),
  /** Tag of the content that the counts are about; null before the first import went through. */
  etag: z.string().min(1).nullable(),
  counts: z
    .strictObject({ rows: count, stored: count, present: count, skipped: count, failed: count })
    .nullable(),
  finishedAt: instantAttribute.nullable(),
  leaseOwner: z.string().exactOptional(),
  leaseToken: z.string().exactOptional(),
  leaseExpiresAt: z.string().exactOptional(),
})

/** What the ledger knows about one shard. */
export type ImportShard = z.infer<typeof importShardSchema>

/** One shard in the ledger. */
export const importShardItem = createItemCodec<ImportShard>({
  name: 'importShard',
  schema: importShardSchema,
  keys: ({ source, shard }) => ({ pk: sourceKey.build({ source }), sk: shardKey.build({ shard }) }),
})
