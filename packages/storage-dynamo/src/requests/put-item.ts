import { isStorageError, type CallOptions } from '@subnetkit/core'

import type { Item } from '../codecs/item.ts'
import { tableName } from '../tables/table-spec.ts'
import { absent, compileCondition, Placeholders, type Condition } from './condition.ts'
import type { TableTarget } from './item-request.ts'

/** What to store, and when. */
export interface PutItemParams extends TableTarget {
  readonly item: Item
  /** Judged on the item that has the key now, in one step with the write. Absent: replace whatever is there. */
  readonly condition?: Condition
}

/**
 * Stores an item as a whole.
 *
 * @throws StorageError `conflict` when the condition does not hold. A try that was stored but whose answer was lost
 *   meets its own item when it is resent: read the item before you tell a caller that it lost.
 */
export async function putItem(params: PutItemParams, options?: CallOptions): Promise<void> {
  const { connection, table, item, condition } = params
  const placeholders = new Placeholders()
  const expression = condition === undefined ? null : compileCondition(condition, placeholders)
  await connection.documents.put(
    {
      TableName: tableName(connection.tablePrefix, table),
      Item: item,
      ...(expression === null ? {} : { ConditionExpression: expression }),
      ...placeholders.fields(),
    },
    options,
  )
}

/**
 * Stores an item unless one with its key is there: of any number of writers exactly one is told `true`. An expired
 * item that the engine has not removed yet still counts as there.
 */
export async function putItemIfAbsent(
  params: Omit<PutItemParams, 'condition'>,
  options?: CallOptions,
): Promise<boolean> {
  try {
    await putItem({ ...params, condition: absent(params.table.partitionKey.name) }, options)
    return true
  } catch (error) {
    if (isStorageError(error, 'conflict')) return false
    throw error
  }
}
