import { isStorageError, StorageError, type CallOptions } from '@subnetkit/core'

import type { Item } from '../codecs/item.ts'
import { tableName } from '../tables/table-spec.ts'
import { compileCondition, Placeholders, type Condition } from './condition.ts'
import type { TableTarget } from './item-request.ts'

/** A change of some attributes; at least one must be named, and none twice. */
export interface ItemChange {
  /** New values, encoded as the item's codec encodes them. */
  readonly set?: Item
  /** Amounts added to numbers in one step; an absent attribute counts from 0. Not idempotent: a resend adds twice. */
  readonly add?: Readonly<Record<string, bigint | number>>
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
  const { connection, table, key, change, condition } = params
  const placeholders = new Placeholders()
  const update = compileChange(change, placeholders)
  const expression = condition === undefined ? null : compileCondition(condition, placeholders)
  const output = await connection.documents.update(
    {
      TableName: tableName(connection.tablePrefix, table),
      Key: { ...key },
      UpdateExpression: update,
      ...(expression === null ? {} : { ConditionExpression: expression }),
      ...placeholders.fields(),
      ReturnValues: 'ALL_NEW',
    },
    options,
  )
  return output.Attributes ?? {}
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
  const { set = {}, add = {}, remove = [] } = change
  const named = [...Object.keys(set), ...Object.keys(add), ...remove]
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
  const clauses = [
    ['SET', assign(set, ' = ')],
    ['ADD', assign(add, ' ')],
    ['REMOVE', remove.map((name) => placeholders.name(name)).join(', ')],
  ]
  return clauses
    .filter(([, text]) => text !== '')
    .map((clause) => clause.join(' '))
    .join(' ')
}
