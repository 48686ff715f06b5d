import type { BatchWriteItemCommandInput, DynamoDB } from '@aws-sdk/client-dynamodb'
import type { BatchWriteCommandInput, BatchWriteCommandOutput } from '@aws-sdk/lib-dynamodb'

import { fromWireItem, toWireItem, type WireItem } from './codecs/wire-values.ts'

type DocumentRequests = BatchWriteCommandInput['RequestItems']
type WireRequests = NonNullable<BatchWriteItemCommandInput['RequestItems']>

/** A batch write as the document client makes it, with our own writing down of items. */
export async function batchWriteItems(
  client: DynamoDB,
  input: BatchWriteCommandInput,
  options: Readonly<{ abortSignal?: AbortSignal }>,
): Promise<BatchWriteCommandOutput> {
  const { RequestItems, ...rest } = input
  const {
    UnprocessedItems,
    ItemCollectionMetrics: _metrics,
    ...output
  } = await client.batchWriteItem({ ...rest, RequestItems: toWireRequests(RequestItems) }, options)
  return { ...output, UnprocessedItems: fromWireRequests(UnprocessedItems ?? {}) }
}

function toWireRequests(requests: DocumentRequests): WireRequests {
  return mapRequests(requests ?? {}, ({ PutRequest, DeleteRequest }) => ({
    ...(PutRequest === undefined ? {} : { PutRequest: { Item: toWireItem(PutRequest.Item ?? {}) } }),
    ...(DeleteRequest === undefined ? {} : { DeleteRequest: { Key: toWireItem(DeleteRequest.Key ?? {}) } }),
  }))
}

function fromWireRequests(requests: WireRequests): NonNullable<DocumentRequests> {
  const read = (item: WireItem | undefined): Record<string, unknown> => ({ ...fromWireItem(item ?? {}) })
  return mapRequests(requests, ({ PutRequest, DeleteRequest }) => ({
    ...(PutRequest === undefined ? {} : { PutRequest: { Item: read(PutRequest.Item) } }),
    ...(DeleteRequest === undefined ? {} : { DeleteRequest: { Key: read(DeleteRequest.Key) } }),
  }))
}

function mapRequests<From, To>(
  requests: Readonly<Record<string, readonly From[]>>,
  map: (request: From) => To,
): Record<string, To[]> {
  return Object.fromEntries(Object.entries(requests).map(([table, list]) => [table, list.map(map)]))
}
