import type { DynamoDB } from '@aws-sdk/client-dynamodb'
import type { DynamoDBDocument } from '@aws-sdk/lib-dynamodb'
import type { CallOptions } from '@subnetkit/core'

import { batchWriteItems } from './batch-write-items.ts'
import { assertStorable } from './codecs/assert-storable.ts'
import type { DynamoLogger } from './connect-options.ts'
import type { DocumentCalls, TableCalls } from './dynamo-calls.ts'
import { toStorageError } from './errors.ts'

/** What the calls are made of. */
export interface GuardCallsParams {
  readonly client: DynamoDB
  readonly documents: DynamoDBDocument
  readonly logger: DynamoLogger | null
}

interface SdkOptions {
  readonly abortSignal?: AbortSignal
}

interface SdkOutput {
  readonly $metadata: { readonly attempts?: number | undefined }
  readonly Count?: number | undefined
}

/** Every call of the SDK that we use, with values checked before, errors translated after, and a line at debug. */
export function guardCalls(params: GuardCallsParams): { documents: DocumentCalls; tables: TableCalls } {
  const { client, documents, logger } = params
  function guard<Input extends object, Output extends SdkOutput>(
    operation: string,
    run: (input: Input, options: SdkOptions) => Promise<Output>,
  ): (input: Input, options?: CallOptions) => Promise<Output> {
    return async (input, options = {}) => {
      options.signal?.throwIfAborted()
      assertInput(input, operation)
      const startedMs = performance.now()
      try {
        const output = await run(input, options.signal === undefined ? {} : { abortSignal: options.signal })
        logger?.debug(describeCall(operation, input, output, startedMs), 'dynamodb request')
        return output
      } catch (error) {
        options.signal?.throwIfAborted()
        const failure = toStorageError(error, { operation, table: tableOf(input) })
        logger?.debug(
          { ...describeCall(operation, input, null, startedMs), error: failure.message },
          'dynamodb failure',
        )
        throw failure
      }
    }
  }
  return {
    documents: {
      get: guard('GetItem', (input, options) => documents.get(input, options)),
      put: guard('PutItem', (input, options) => documents.put(input, options)),
      update: guard('UpdateItem', (input, options) => documents.update(input, options)),
      delete: guard('DeleteItem', (input, options) => documents.delete(input, options)),
      query: guard('Query', (input, options) => documents.query(input, options)),
      scan: guard('Scan', (input, options) => documents.scan(input, options)),
      batchGet: guard('BatchGetItem', (input, options) => documents.batchGet(input, options)),
      batchWrite: guard('BatchWriteItem', (input, options) => batchWriteItems(client, input, options)),
    },
    tables: {
      describeTable: guard('DescribeTable', (input, options) => client.describeTable(input, options)),
      createTable: guard('CreateTable', (input, options) => client.createTable(input, options)),
      updateTable: guard('UpdateTable', (input, options) => client.updateTable(input, options)),
      deleteTable: guard('DeleteTable', (input, options) => client.deleteTable(input, options)),
      listTables: guard('ListTables', (input, options) => client.listTables(input, options)),
      describeTimeToLive: guard('DescribeTimeToLive', (input, options) =>
        client.describeTimeToLive(input, options),
      ),
      updateTimeToLive: guard('UpdateTimeToLive', (input, options) =>
        client.updateTimeToLive(input, options),
      ),
      describeContinuousBackups: guard('DescribeContinuousBackups', (input, options) =>
        client.describeContinuousBackups(input, options),
      ),
      updateContinuousBackups: guard('UpdateContinuousBackups', (input, options) =>
        client.updateContinuousBackups(input, options),
      ),
    },
  }
}

/** The fields of a request may be absent; what stands inside them may not. */
function assertInput(input: object, operation: string): void {
  for (const [field, value] of Object.entries(input)) {
    // Field, table, request and item are four containers around an attribute of a batch: they do not count as nesting.
    if (value !== undefined) assertStorable(value, `${operation} ${field}`, -4)
  }
}

function tableOf(input: object): string | null {
  return 'TableName' in input && typeof input.TableName === 'string' ? input.TableName : null
}

function describeCall(
  operation: string,
  input: object,
  output: SdkOutput | null,
  startedMs: number,
): Record<string, unknown> {
  return {
    operation,
    table: tableOf(input),
    timeMs: Math.round((performance.now() - startedMs) * 100) / 100,
    ...(output === null ? {} : { attempts: output.$metadata.attempts ?? 1 }),
    ...(output?.Count === undefined ? {} : { items: output.Count }),
  }
}
