import { StorageError, type CallOptions } from '@subnetkit/core'
import { z } from 'zod'

import { bytesAttribute } from '../codecs/attributes.ts'
import { createItemCodec } from '../codecs/item-codec.ts'
import { numberPart, textPart } from '../keys/key-parts.ts'
import { keyTemplate } from '../keys/key-template.ts'
import { batchWrite } from '../requests/batch-write.ts'
import { getItem } from '../requests/get-item.ts'
import type { TableTarget } from '../requests/item-request.ts'
import { putItem } from '../requests/put-item.ts'
import { queryItems } from '../requests/query-items.ts'
import { sha256Of } from './conversation-content.ts'
import { inWaves } from './in-waves.ts'

/** Most bytes of one item: leaves room for its attributes below the 400 KB that an item may have. */
const PART_BYTES = 350 * 1024

const CONCURRENT_PARTS = 4
const PARTS_ID_DIGITS = 16
/** A page is cut at 1 MB by the engine anyway. */
const PARTS_PER_PAGE = 100

/** Where the parts of one thing stand: its partition, and what their sort keys begin with (closed by `#`, or empty). */
export interface PartsPlace extends TableTarget {
  readonly partition: string
  readonly prefix: string
}

/** What a head item says of its bytes: `bytes` itself, or null when they stand in `parts` parts under `partsId`. */
export interface BlobHead {
  readonly bytes: Uint8Array | null
  /** Hash of all bytes: what is written under one id never differs, whoever writes it. */
  readonly partsId: string
  readonly parts: number
}

const partSort = keyTemplate<{ partsId: string; index: number }>({
  partsId: textPart('PART'),
  index: numberPart('N', 5),
})

const partItem = createItemCodec<{ pk: string; sk: string; bytes: Uint8Array }>({
  name: 'part',
  schema: z.strictObject({ pk: z.string(), sk: z.string(), bytes: bytesAttribute }),
  keys: ({ pk, sk }) => ({ pk, sk }),
})

/** Says how bytes will be stored; sends nothing. */
export function blobHeadOf(bytes: Uint8Array): BlobHead {
  const partsId = sha256Of(bytes).slice(0, PARTS_ID_DIGITS)
  const fits = bytes.byteLength <= PART_BYTES
  return { bytes: fits ? bytes : null, partsId, parts: fits ? 0 : Math.ceil(bytes.byteLength / PART_BYTES) }
}

/** Stores the parts that a head needs, a few at a time; nothing when the bytes stand in the head. Write the head after it. */
export async function putParts(
  params: Readonly<{ place: PartsPlace; head: BlobHead; bytes: Uint8Array }>,
  options?: CallOptions,
): Promise<void> {
  const { place, head, bytes } = params
  await inWaves(indexesOf(head), CONCURRENT_PARTS, async (index) => {
    const part = bytes.subarray(index * PART_BYTES, (index + 1) * PART_BYTES)
    const item = partItem.encode({ ...keyOf(place, head, index), bytes: part })
    await putItem({ connection: place.connection, table: place.table, item }, options)
  })
}

/** The bytes that a head speaks of. @throws StorageError `corrupt_row` naming a part that is missing or changed. */
export async function getBlob(
  params: Readonly<{ place: PartsPlace; head: BlobHead }>,
  options?: CallOptions,
): Promise<Uint8Array> {
  const { place, head } = params
  if (head.bytes !== null) return head.bytes
  const { connection, table } = place
  const parts = await inWaves(indexesOf(head), CONCURRENT_PARTS, async (index) => {
    const key = keyOf(place, head, index)
    const item = await getItem({ connection, table, key }, options)
    if (item === null) throw missing(place, index, head.parts)
    return partItem.decode(item).bytes
  })
  return Buffer.concat(parts)
}

/** Removes every part at a place, those of unfinished writes too; the head goes before it. */
export async function removeParts(place: PartsPlace, options?: CallOptions): Promise<void> {
  await removeItems({ ...place, prefix: `${place.prefix}PART#` }, options)
}

/** Removes every item of a partition whose sort key begins with `prefix`, page by page in their order. */
export async function removeItems(place: PartsPlace, options?: CallOptions): Promise<void> {
  const { connection, table, partition, prefix } = place
  for (;;) {
    const range = { prefix }
    const page = await queryItems({ connection, table, partition, range, limit: PARTS_PER_PAGE }, options)
    const writes = page.items.map((item) => ({ table, remove: { pk: item['pk'], sk: item['sk'] } }))
    await batchWrite({ connection, writes }, options)
    if (page.nextCursor === null) return
  }
}

function indexesOf(head: BlobHead): readonly number[] {
  return Array.from({ length: head.parts }, (_, index) => index)
}

function keyOf(place: PartsPlace, head: BlobHead, index: number): { pk: string; sk: string } {
  return { pk: place.partition, sk: `${place.prefix}${partSort.build({ partsId: head.partsId, index })}` }
}

function missing(place: PartsPlace, index: number, parts: number): StorageError {
  return new StorageError({
    code: 'corrupt_row',
    message: `part ${index + 1} of ${parts} of ${place.partition} ${place.prefix} is missing`,
    details: { partition: place.partition, prefix: place.prefix, index },
  })
}
