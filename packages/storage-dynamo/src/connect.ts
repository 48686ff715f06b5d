import { DynamoDB, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb'

import { isLoopbackEndpoint, parseConnectOptions } from './connect-options.ts'
import type { ConnectDynamoOptions, DynamoLogger, ParsedConnectOptions } from './connect-options.ts'
import type { DocumentCalls, TableCalls } from './dynamo-calls.ts'
import { guardCalls } from './guard-calls.ts'

/** A way to one set of tables: everything in this package takes it. Closing it ends its sockets. */
export interface DynamoConnection extends AsyncDisposable {
  readonly tablePrefix: string
  readonly documents: DocumentCalls
  readonly tables: TableCalls
  close(): Promise<void>
}

const LOOPBACK_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' } as const
/** How long opening a socket may take, in milliseconds. */
const CONNECT_MS = 2_000
const LOOPBACK_CONNECT_MS = 15_000
const LOOPBACK_REGION = 'us-east-1'

/**
 * Makes a connection. Nothing is sent until the first request, so a wrong endpoint shows there.
 *
 * @throws InputError when an option is unknown or out of range.
 */
export function connectDynamo(options: ConnectDynamoOptions): DynamoConnection {
  const parsed = parseConnectOptions(options)
  const { tablePrefix, logger = null } = parsed
  return connectionOver({ client: new DynamoDB(clientConfig(parsed)), tablePrefix, logger })
}

/** Makes a client of the SDK our own: nobody else may use it from then on. */
export function connectionOver(
  params: Readonly<{ client: DynamoDB; tablePrefix: string; logger: DynamoLogger | null }>,
): DynamoConnection {
  const { client, tablePrefix, logger } = params
  // It copies every item of every request and answer for a logger that throws them away; we log by ourselves.
  client.middlewareStack.remove('loggerMiddleware')
  // `wrapNumbers` keeps DynamoDB's own digits: a JavaScript number would round what is longer than 2^53.
  const documents = DynamoDBDocument.from(client, { unmarshallOptions: { wrapNumbers: true } })
  const close = (): Promise<void> => {
    client.destroy()
    return Promise.resolve()
  }
  return {
    tablePrefix,
    ...guardCalls({ client, documents, logger }),
    close,
    [Symbol.asyncDispose]: close,
  }
}

function clientConfig(options: ParsedConnectOptions): DynamoDBClientConfig {
  const isLoopback = isLoopbackEndpoint(options.endpoint)
  const region = options.region ?? (isLoopback ? LOOPBACK_REGION : undefined)
  const credentials = options.credentials ?? (isLoopback ? LOOPBACK_CREDENTIALS : undefined)
  return {
    maxAttempts: options.maxAttempts,
    retryMode: options.retryMode,
    requestHandler: {
      connectionTimeout: options.connectionTimeoutMs ?? (isLoopback ? LOOPBACK_CONNECT_MS : CONNECT_MS),
      requestTimeout: options.requestTimeoutMs,
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive: true, maxSockets: options.maxSockets },
      httpsAgent: { keepAlive: true, maxSockets: options.maxSockets },
    },
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    ...(region === undefined ? {} : { region }),
    ...(credentials === undefined ? {} : { credentials }),
  }
}
