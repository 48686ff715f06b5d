import type { Repositories } from '@subnetkit/core'

import type { DynamoConnection } from './connect.ts'
import { DynamoRequestNonceRepository } from './repositories/dynamo-request-nonce-repository.ts'
import { DynamoRetentionPolicyRepository } from './repositories/dynamo-retention-policy-repository.ts'
import { DynamoSampleRepository } from './repositories/dynamo-sample-repository.ts'
import { DynamoSystemConfigRepository } from './repositories/dynamo-system-config-repository.ts'

/** The aggregates that live in DynamoDB. */
export type DynamoRepositories = Pick<
  Repositories,
  'requestNonces' | 'retentionPolicies' | 'samples' | 'systemConfig'
>

/** All repositories over one connection. Sends nothing; the connection stays the caller's to close. */
export function createDynamoRepositories(connection: DynamoConnection): DynamoRepositories {
  return {
    requestNonces: new DynamoRequestNonceRepository(connection),
    retentionPolicies: new DynamoRetentionPolicyRepository(connection),
    samples: new DynamoSampleRepository(connection),
    systemConfig: new DynamoSystemConfigRepository(connection),
  }
}
