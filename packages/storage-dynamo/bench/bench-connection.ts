import { DynamoDB } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb'
import { StorageError } from '@subnetkit/core'

import { connectionOver } from '../src/connect.ts'
import type { DocumentCalls, DynamoConnection } from '../src/index.ts'

/** The plain document client as its readme sets it up, and our connection. */
export interface BenchConnection extends AsyncDisposable {
  readonly plain: DynamoDBDocument
  readonly connection: DynamoConnection
}

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' } as const
const empty = new TextEncoder().encode(
  '{"UnprocessedItems":{},"UnprocessedKeys":{},"Responses":{},"Items":[],"Count":0}',
)

/** Answers every request at once as if it had gone through and nothing had been there: what is left is the client's own work. */
const instantHandler = {
  metadata: { handlerProtocol: 'http/1.1' },
  handle: () =>
    Promise.resolve({
      response: {
        statusCode: 200,
        headers: { 'content-type': 'application/x-amz-json-1.0' },
        body: new Uint8Array(empty),
      },
    }),
  destroy: () => {},
  updateHttpClientConfig: () => {},
  httpHandlerConfigs: () => ({}),
}

/** Both over one endpoint, or over a handler that answers at once when it is null. */
export function benchConnection(endpoint: string | null, tablePrefix: string): BenchConnection {
  const newClient = (): DynamoDB =>
    new DynamoDB({
      region: 'us-east-1',
      credentials,
      ...(endpoint === null ? { requestHandler: instantHandler } : { endpoint }),
    })
  const plain = DynamoDBDocument.from(newClient(), { unmarshallOptions: { wrapNumbers: true } })
  const connection = connectionOver({ client: newClient(), tablePrefix, logger: null })
  const close = async (): Promise<void> => {
    plain.destroy()
    await connection.close()
  }
  return { plain, connection, [Symbol.asyncDispose]: close }
}

/** One call of the document client, to be made again. */
export interface RecordedCall {
  readonly operation: keyof DocumentCalls
  readonly run: (plain: DynamoDBDocument) => Promise<unknown>
}

/** The connection with every call written down before it goes out. */
export function recording(connection: DynamoConnection, calls: RecordedCall[]): DynamoConnection {
  const { documents } = connection
  const refuse = (): Promise<never> =>
    Promise.reject(new StorageError({ code: 'bad_query', message: 'the bench does not know this call' }))
  return {
    ...connection,
    documents: {
      scan: refuse,
      delete: refuse,
      get: (input, options) => {
        calls.push({ operation: 'get', run: (plain) => plain.get(input) })
        return documents.get(input, options)
      },
      query: (input, options) => {
        calls.push({ operation: 'query', run: (plain) => plain.query(input) })
        return documents.query(input, options)
      },
      put: (input, options) => {
        calls.push({ operation: 'put', run: (plain) => plain.put(input) })
        return documents.put(input, options)
      },
      update: (input, options) => {
        calls.push({ operation: 'update', run: (plain) => plain.update(input) })
        return documents.update(input, options)
      },
      batchGet: (input, options) => {
        calls.push({ operation: 'batchGet', run: (plain) => plain.batchGet(input) })
        return documents.batchGet(input, options)
      },
      batchWrite: (input, options) => {
        calls.push({ operation: 'batchWrite', run: (plain) => plain.batchWrite(input) })
        return documents.batchWrite(input, options)
      },
    },
  }
}
