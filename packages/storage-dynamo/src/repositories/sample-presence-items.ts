import { StorageError, type GenerationRange, type SampleScope } from '@subnetkit/core'

import { NumberValue, type Item } from '../codecs/item.ts'
import { numberPart, textPart } from '../keys/key-parts.ts'
import { KEY_LIMITS, keyTemplate } from '../keys/key-template.ts'
import type { SortRange } from '../requests/query-items.ts'

/** Ids that share an item: so many of twelve digits take 2 KB, and a write costs what it did for the first. */
const IDS_PER_ITEM = 256

const GENERATION_DIGITS = 6
const BUCKET_DIGITS = 10
const LAST_BUCKET = 10 ** BUCKET_DIGITS - 1

/** The attribute with the ids, a number set; it is not there when the last id was taken out. */
export const IDS = 'ids'

/** A scope in one generation: what the items of a miner are grouped by. */
export type PresenceGroup = Readonly<{ scope: SampleScope; generation: number }>

type SortValues = { modelRevision: string; environment: string; generation: number; bucket: number }

const partitionTemplate = keyTemplate<{ minerHotkey: string }>(
  { minerHotkey: textPart('MINER') },
  KEY_LIMITS.partition,
)

const sortTemplate = keyTemplate<SortValues>({
  modelRevision: textPart('REV'),
  environment: textPart('ENV'),
  generation: numberPart('GEN', GENERATION_DIGITS),
  bucket: numberPart('IDS', BUCKET_DIGITS),
})

/** Partition of all marks of a miner. */
export function presencePartition(minerHotkey: string): string {
  return partitionTemplate.build({ minerHotkey })
}

/** Which item of its group holds an id. */
export function bucketOf(taskId: number): number {
  return Math.floor(taskId / IDS_PER_ITEM)
}

/** The key attributes of one item. */
export function presenceKey(group: PresenceGroup, bucket: number): { pk: string; sk: string } {
  const { minerHotkey, modelRevision, environment } = group.scope
  return {
    pk: presencePartition(minerHotkey),
    sk: sortTemplate.build({ modelRevision, environment, generation: group.generation, bucket }),
  }
}

/** The part of a miner's partition with some generations of a scope. */
export function presenceRange(scope: SampleScope, range: GenerationRange): SortRange {
  return {
    from: presenceKey({ scope, generation: range.fromGeneration }, 0).sk,
    to: presenceKey({ scope, generation: range.toGeneration }, LAST_BUCKET).sk,
  }
}

/** Comes after the item with this sort key and before every other: keys go on with `#`, which is before `$`. */
function afterItem(sortKey: string): string {
  return `${sortKey}$`
}

/** Comes after all items of a group and before those of the next. */
export function afterGroup(group: PresenceGroup): string {
  const { modelRevision, environment } = group.scope
  const prefix = sortTemplate.prefix({ modelRevision, environment, generation: group.generation })
  return afterItem(prefix.slice(0, -1))
}

/** Comes after every sort key of a miner. */
export const LAST_PRESENCE_KEY = '~'

/** What an item says. @throws StorageError `corrupt_row` when it was not written here. */
export function readPresence(
  item: Item,
): PresenceGroup & Readonly<{ sortKey: string; ids: readonly number[] }> {
  const { minerHotkey } = partitionTemplate.parse(String(item['pk']))
  const sortKey = String(item['sk'])
  const { bucket, generation, modelRevision, environment } = sortTemplate.parse(sortKey)
  const ids = readIds(item[IDS])
  const stranger = ids.find((id) => bucketOf(id) !== bucket)
  if (stranger !== undefined) throw corrupt(`${stranger} does not belong to ${sortKey}`)
  return { scope: { minerHotkey, modelRevision, environment }, generation, sortKey, ids }
}

function readIds(stored: unknown): readonly number[] {
  if (stored === undefined) return []
  if (!(stored instanceof Set)) throw corrupt('the ids are not a set')
  return Array.from(stored, (value: unknown) => {
    const id = value instanceof NumberValue ? Number(value.value) : Number.NaN
    if (!Number.isSafeInteger(id) || id < 0) throw corrupt(`${String(value)} is no task id`)
    return id
  })
}

function corrupt(problem: string): StorageError {
  return new StorageError({
    code: 'corrupt_row',
    message: `samplePresence: ${problem}`,
    details: { field: IDS },
  })
}
