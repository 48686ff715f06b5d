import { isStorageError, StorageError, type CallOptions } from '@subnetkit/core'

import type { Item } from '../codecs/item.ts'
import type { DocumentCalls } from '../dynamo-calls.ts'
import { tableName } from '../tables/table-spec.ts'
import { compileCondition, Placeholders, type Condition } from './condition.ts'
import type { TableTarget } from './item-request.ts'

/** Members of a set attribute: texts, numbers or bytes, of one kind and at least one. */
export type SetMembers =
  ReadonlySet<string> | ReadonlySet<number> | ReadonlySet<bigint> | ReadonlySet<Uint8Array>

/** A change of some attributes; at least one must be named, and none twice. */
export interface ItemChange {
  /** New values, encoded as the item's codec encodes them. */
  readonly set?: Item
  /** Values for attributes that are not there yet; one that is there keeps its value, null too. Idempotent. */
  readonly setIfAbsent?: Item
  /** Amounts added to numbers in one step; an absent attribute counts from 0. Not idempotent: a resend adds twice. */
  readonly add?: Readonly<Record<string, bigint | number>>
  /** Members put into sets; an absent attribute becomes a set. Idempotent, unlike `add`: a resend changes nothing. */
  readonly addToSets?: Readonly<Record<string, SetMembers>>
  /**
   * Members taken out of sets; those that are not in it are passed over, and the last one takes the attribute with it,
   * since DynamoDB has no empty set. Idempotent.
   */
  readonly removeFromSets?: Readonly<Record<string, SetMembers>>
  /** Attributes taken away. */
  readonly remove?: readonly string[]
}

/** What to change, and when. */
export interface UpdateItemParams extends TableTarget {
  readonly key: Item
  readonly change: ItemChange
  /** Judged on the stored item in one step with the change. Without one, an absent item is made. */
  readonly condition?: Condition
}

/**
 * Changes attributes of one item and returns all of it as it is afterwards.
 *
 * @throws StorageError `conflict` when the condition does not hold; `bad_query` when the change names nothing.
 */
export async function updateItem(params: UpdateItemParams, options?: CallOptions): Promise<Item> {
  const output = await sendUpdate(params, 'ALL_NEW', options)
  return output.Attributes ?? {}
}

/** As {@link updateItem} for a caller that does not look at the item: nothing of it crosses the wire or is decoded. */
export async function changeItem(params: UpdateItemParams, options?: CallOptions): Promise<void> {
  await sendUpdate(params, 'NONE', options)
}

function sendUpdate(
  params: UpdateItemParams,
  returned: 'ALL_NEW' | 'NONE',
  options: CallOptions | undefined,
): ReturnType<DocumentCalls['update']> {
  const { connection, table, key, change, condition } = params
  const placeholders = new Placeholders()
  const update = compileChange(change, placeholders)
  const expression = condition === undefined ? null : compileCondition(condition, placeholders)
  return connection.documents.update(
    {
      TableName: tableName(connection.tablePrefix, table),
      Key: { ...key },
      UpdateExpression: update,
      ...(expression === null ? {} : { ConditionExpression: expression }),
      ...placeholders.fields(),
      ReturnValues: returned,
    },
    options,
  )
}

/** As {@link updateItem}, but a condition that does not hold gives null: for claims, where losing is no failure. */
export async function updateItemIf(
  params: UpdateItemParams & { readonly condition: Condition },
  options?: CallOptions,
): Promise<Item | null> {
  try {
    return await updateItem(params, options)
  } catch (error) {
    if (isStorageError(error, 'conflict')) return null
    throw error
  }
}

/** Writes a change as an update expression over the placeholders. */
function compileChange(change: ItemChange, placeholders: Placeholders): string {
  const { set = {}, setIfAbsent = {}, add = {}, addToSets = {}, removeFromSets = {}, remove = [] } = change
  const named = [...[set, setIfAbsent, add, addToSets, removeFromSets].flatMap(Object.keys), ...remove]
  if (named.length === 0 || new Set(named).size !== named.length) {
    throw new StorageError({
      code: 'bad_query',
      message: `an item change names at least one attribute and none twice; it names: ${named.join(', ')}`,
    })
  }
  const assign = (entries: Item, sign: string): string =>
    Object.entries(entries)
      .map(([name, value]) => `${placeholders.name(name)}${sign}${placeholders.value(value)}`)
      .join(', ')
  const assignIfAbsent = Object.entries(setIfAbsent).map(([name, value]) => {
    const attribute = placeholders.name(name)
    return `${attribute} = if_not_exists(${attribute}, ${placeholders.value(value)})`
  })
  const clauses = [
    ['SET', [assign(set, ' = '), ...assignIfAbsent].filter((text) => text !== '').join(', ')],
    ['ADD', assign({ ...add, ...addToSets }, ' ')],
    ['DELETE', assign(removeFromSets, ' ')],
    ['REMOVE', remove.map((name) => placeholders.name(name)).join(', ')],
  ]
  return clauses
    .filter(([, text]) => text !== '')
    .map((clause) => clause.join(' '))
    .join(' ')
}
