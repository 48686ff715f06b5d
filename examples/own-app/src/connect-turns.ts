import {
  connectDynamo,
  type DynamoConnection,
  readDynamoParams,
  reconcileTables,
  startEmbeddedDynamo,
} from '@subnetkit/storage-dynamo'

import { probeTurnsTable } from './probe-turn-items.ts'

/** A connection, and what has to end with it. */
export interface Turns extends AsyncDisposable {
  readonly connection: DynamoConnection
}

/** Connects to DynamoDB, embedded unless `DYNAMODB_ENDPOINT` names another, and makes the table if it is missing. */
export async function connectTurns(options: {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Used when `DYNAMODB_ENDPOINT` is not set. */
  readonly dataFolder: string
}): Promise<Turns> {
  const { target, tablePrefix } = readDynamoParams(options.env)
  const embedded =
    target.kind === 'embedded' ? await startEmbeddedDynamo({ folder: options.dataFolder }) : null
  const endpoint = embedded?.endpoint ?? (target.kind === 'endpoint' ? target.endpoint : undefined)
  const connection = connectDynamo({ tablePrefix, ...(endpoint === undefined ? {} : { endpoint }) })
  await reconcileTables({ connection, tables: [probeTurnsTable] })
  return {
    connection,
    async [Symbol.asyncDispose]() {
      await connection.close()
      await embedded?.close()
    },
  }
}
