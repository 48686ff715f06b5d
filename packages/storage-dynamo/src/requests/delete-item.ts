import { isStorageError, type CallOptions } from '@subnetkit/core'

import type { Item } from '../codecs/item.ts'
import { tableName } from '../tables/table-spec.ts'
import { compileCondition, Placeholders, type Condition } from './condition.ts'
import type { TableTarget } from './item-request.ts'

/** Which item, and when. */
export interface DeleteItemParams extends TableTarget {
  readonly key: Item
  /** Judged on the stored item in one step with the removal. */
  readonly condition?: Condition
}

/** What a removal did: the item was there and is gone, there was none, or the condition kept it. */
export type DeleteOutcome = 'removed' | 'absent' | 'kept'

/** Removes one item and says what happened; a failure is thrown, never told as `absent`. */
export async function deleteItem(params: DeleteItemParams, options?: CallOptions): Promise<DeleteOutcome> {
  const { connection, table, key, condition } = params
  const placeholders = new Placeholders()
  const expression = condition === undefined ? null : compileCondition(condition, placeholders)
  try {
    const output = await connection.documents.delete(
      {
        TableName: tableName(connection.tablePrefix, table),
        Key: { ...key },
        ...(expression === null ? {} : { ConditionExpression: expression }),
        ...placeholders.fields(),
        ReturnValues: 'ALL_OLD',
      },
      options,
    )
    return output.Attributes === undefined ? 'absent' : 'removed'
  } catch (error) {
    if (expression !== null && isStorageError(error, 'conflict')) return 'kept'
    throw error
  }
}
