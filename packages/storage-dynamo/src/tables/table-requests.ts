import type { AttributeDefinition, GlobalSecondaryIndex, KeySchemaElement } from '@aws-sdk/client-dynamodb'

import type { IndexSpec, KeyAttribute, TableSpec } from './table-spec.ts'

type Keys = Pick<TableSpec, 'partitionKey' | 'sortKey'>

/** The key of a table or index as requests say it. */
export function keySchema(keys: Keys): KeySchemaElement[] {
  const partition: KeySchemaElement = { AttributeName: keys.partitionKey.name, KeyType: 'HASH' }
  return keys.sortKey === null
    ? [partition]
    : [partition, { AttributeName: keys.sortKey.name, KeyType: 'RANGE' }]
}

/** The types of all key attributes, each once: DynamoDB refuses one that no key uses. */
export function attributeDefinitions(keys: readonly Keys[]): AttributeDefinition[] {
  const attributes = new Map<string, KeyAttribute>()
  for (const { partitionKey, sortKey } of keys) {
    attributes.set(partitionKey.name, partitionKey)
    if (sortKey !== null) attributes.set(sortKey.name, sortKey)
  }
  return [...attributes.values()].map(({ name, type }) => ({ AttributeName: name, AttributeType: type }))
}

/** An index as requests say it. */
export function toIndex(index: IndexSpec): GlobalSecondaryIndex {
  const { projection } = index
  return {
    IndexName: index.name,
    KeySchema: keySchema(index),
    Projection:
      typeof projection === 'string'
        ? { ProjectionType: projection }
        : { ProjectionType: 'INCLUDE', NonKeyAttributes: [...projection] },
  }
}
