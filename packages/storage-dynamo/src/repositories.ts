import type { Repositories } from '@subnetkit/core'

import type { DynamoConnection } from './connect.ts'
import { DynamoSystemConfigRepository } from './repositories/dynamo-system-config-repository.ts'

/** The aggregates that live in DynamoDB. */
export type DynamoRepositories = Pick<Repositories, 'systemConfig'>

/** All repositories over one connection. Sends nothing; the connection stays the caller's to close. */
export function createDynamoRepositories(connection: DynamoConnection): DynamoRepositories {
  return { systemConfig: new DynamoSystemConfigRepository(connection) }
}
