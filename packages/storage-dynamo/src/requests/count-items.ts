import type { CallOptions } from '@subnetkit/core'

import type { Item } from '../codecs/item.ts'
import { tableName, type IndexSpec } from '../tables/table-spec.ts'
import { compare, compileCondition, Placeholders } from './condition.ts'
import type { TableTarget } from './item-request.ts'

/** What is counted: a whole partition. */
export interface CountItemsParams extends TableTarget {
  /** Value of the partition key, of the index when one is given. */
  readonly partition: unknown
  /** Counts in the index instead of the table: eventual. */
  readonly index?: IndexSpec
}

/**
 * How many items a partition has, expired ones that the engine has not removed included. Nothing but the number is
 * sent, but it costs as much as reading them.
 */
export async function countItems(params: CountItemsParams, options?: CallOptions): Promise<number> {
  const { connection, table, index, partition } = params
  const placeholders = new Placeholders()
  const { name } = (index ?? table).partitionKey
  const input = {
    TableName: tableName(connection.tablePrefix, table),
    ...(index === undefined ? {} : { IndexName: index.name }),
    KeyConditionExpression: compileCondition(compare(name, '=', partition), placeholders),
    ...placeholders.fields(),
    ConsistentRead: index === undefined,
    Select: 'COUNT',
  } as const
  let count = 0
  let start: Item | undefined
  do {
    const output = await connection.documents.query(
      { ...input, ...(start === undefined ? {} : { ExclusiveStartKey: { ...start } }) },
      options,
    )
    count += output.Count ?? 0
    start = output.LastEvaluatedKey
  } while (start !== undefined)
  return count
}
