export { checkStore, type CheckStoreParams, type StoreCheck } from './admin/check-store.ts'
export * from './admin/store-status.ts'
export * from './admin/sweep-tables.ts'
export { connectDynamo, type DynamoConnection } from './connect.ts'
export type { ConnectDynamoOptions, DynamoCredentials, DynamoLogger } from './connect-options.ts'
export type { DocumentCalls, TableCalls } from './dynamo-calls.ts'
export * from './dynamo-params.ts'
export {
  startEmbeddedDynamo,
  type EmbeddedDynamo,
  type EmbeddedDynamoOptions,
} from './embedded/start-embedded-dynamo.ts'
export * from './errors.ts'
export * from './repositories.ts'
export { DynamoAgentRepository } from './repositories/dynamo-agent-repository.ts'
export { DynamoAgentVersionRepository } from './repositories/dynamo-agent-version-repository.ts'
export { DynamoRequestNonceRepository } from './repositories/dynamo-request-nonce-repository.ts'
export { DynamoRetentionPolicyRepository } from './repositories/dynamo-retention-policy-repository.ts'
export { DynamoSampleRepository } from './repositories/dynamo-sample-repository.ts'
export { DynamoExecutionLogRepository } from './repositories/dynamo-execution-log-repository.ts'
export { DynamoLockRepository } from './repositories/dynamo-lock-repository.ts'
export { DynamoMinerRepository } from './repositories/dynamo-miner-repository.ts'
export { DynamoMinerScoreRepository } from './repositories/dynamo-miner-score-repository.ts'
export { DynamoSamplingTaskRepository } from './repositories/dynamo-sampling-task-repository.ts'
export { DynamoSystemConfigRepository } from './repositories/dynamo-system-config-repository.ts'
export { DynamoWeightCycleRepository } from './repositories/dynamo-weight-cycle-repository.ts'
export { DynamoWeightsSnapshotRepository } from './repositories/dynamo-weights-snapshot-repository.ts'

export { assertStorable, MAX_NESTING } from './codecs/assert-storable.ts'
export * from './codecs/attributes.ts'
export * from './codecs/check-input.ts'
export * from './codecs/item-codec.ts'
export * from './codecs/item-size.ts'
export * from './codecs/item.ts'
export * from './codecs/json-attribute.ts'
export {
  ConversationStore,
  type ConversationStoreOptions,
  type FindConversationParams,
  type PutConversationParams,
} from './conversations/conversation-store.ts'
export type { ConversationKey } from './conversations/conversation-items.ts'
export {
  ConversationDictionaries,
  type ConversationDictionariesOptions,
} from './conversations/conversation-dictionaries.ts'
export {
  fromConversationContent,
  MAX_CONVERSATION_BYTES,
  toConversationContent,
  type ConversationContent,
} from './conversations/conversation-content.ts'
export * from './conversations/build-dictionary.ts'
export * from './conversations/conversation-payload.ts'
export * from './conversations/legacy-conversation.ts'
export { compressionTags, type CompressionTag } from './conversations/compression.ts'
export {
  createDictionary,
  MAX_DICTIONARY_BYTES,
  promptDictionary,
  type Dictionary,
} from './conversations/dictionary.ts'

export * from './keys/key-parts.ts'
export * from './keys/key-template.ts'

export * from './leases/lease-changes.ts'
export * from './leases/lease.ts'

export * from './requests/backoff.ts'
export * from './requests/batch-get.ts'
export * from './requests/batch-write.ts'
export * from './requests/check-limit.ts'
export { chunkBySize } from './requests/chunk-by-size.ts'
export {
  absent,
  allOf,
  anyOf,
  beginsWith,
  compare,
  contains,
  exists,
  not,
  type Condition,
  type Operator,
} from './requests/condition.ts'
export * from './requests/count-items.ts'
export * from './requests/cursor.ts'
export * from './requests/delete-item.ts'
export * from './requests/expiry.ts'
export * from './requests/get-item.ts'
export type { LeftWrite } from './requests/incomplete-writes.ts'
export type { TableTarget } from './requests/item-request.ts'
export * from './requests/key-text.ts'
export * from './requests/put-each.ts'
export * from './requests/put-item.ts'
export * from './requests/query-full-page.ts'
export * from './requests/query-items.ts'
export * from './requests/run-in-parallel.ts'
export * from './requests/scan-items.ts'
export * from './requests/sweep-expired.ts'
export * from './requests/update-item.ts'

export * from './tables/agent-versions-table.ts'
export * from './tables/agent-upload-attempts-table.ts'
export * from './tables/agent-uploads-table.ts'
export * from './tables/agents-table.ts'
export * from './tables/all-tables.ts'
export * from './tables/bans-table.ts'
export * from './tables/data-retention-policy-table.ts'
export * from './tables/conversation-dictionaries-table.ts'
export * from './tables/list-tables.ts'
export * from './tables/locks-table.ts'
export * from './tables/outbox-table.ts'
export * from './tables/weight-cycles-table.ts'
export * from './tables/weights-history-table.ts'
export type { ExpiryCapability } from './tables/reconcile-expiry.ts'
export { reconcileTables, type ReconcileTablesParams, type TableReport } from './tables/reconcile-tables.ts'
export * from './tables/reset-tables.ts'
export * from './tables/request-nonces-table.ts'
export * from './tables/sample-presence-table.ts'
export * from './tables/sample-results-table.ts'
export * from './tables/sample-conversations-table.ts'
export * from './tables/evaluation-runs-table.ts'
export * from './tables/evaluations-table.ts'
export * from './tables/execution-logs-table.ts'
export * from './tables/miner-metadata-table.ts'
export * from './tables/score-snapshots-table.ts'
export * from './tables/scores-table.ts'
export * from './tables/system-config-table.ts'
export * from './tables/table-spec.ts'
export * from './tables/task-queue-table.ts'

export { createDynamoShardLedger } from './migrate-r2/dynamo-shard-ledger.ts'
export type { RowFailure, RowRules } from './migrate-r2/import-shard.ts'
export type { SignatureVerifier } from './migrate-r2/legacy-signature.ts'
export * from './migrate-r2/migrate-shards.ts'
export { openS3ShardSource, type S3ShardSourceOptions } from './migrate-r2/s3-shard-source.ts'
export type * from './migrate-r2/shard-ledger.ts'
export type * from './migrate-r2/shard-source.ts'
