import type { Repositories } from '@subnetkit/core'
import type { CommandSession } from '@subnetkit/core/cli'

import type { Config } from './config.ts'

/** What `init` did to one table. */
export interface InitReport {
  readonly name: string
  readonly action: string
  /** Who removes expired items: `native`, `sweep` or `none`. */
  readonly expiry: string
  readonly indexesAdded: readonly string[]
  readonly pointInTimeRecovery: string
}

/** The validator, put together; close it at the end. */
export interface Validator extends AsyncDisposable {
  readonly repositories: Pick<Repositories, 'systemConfig'>
  /** Where the tables are, for a person: never with the secret path of an embedded engine. */
  readonly store: string
  readonly isEmbedded: boolean
  readonly now: () => Date
  /** Makes tables, indexes and expiry that are missing. */
  init(options: { readonly pointInTimeRecovery: boolean }): Promise<readonly InitReport[]>
}

/** How a validator is put together. */
export interface ComposeValidatorParams {
  readonly config: Config
  readonly session: Pick<CommandSession, 'dataDir' | 'log' | 'signal'>
}

/**
 * Puts the validator together: the one place that knows its store. The engine is the embedded one unless
 * `DYNAMODB_ENDPOINT` names another, or AWS.
 */
export async function composeValidator(params: ComposeValidatorParams): Promise<Validator> {
  const { config, session } = params
  const { signal } = session
  const store = await import('@subnetkit/storage-dynamo')
  const { target, tablePrefix } = store.readDynamoParams(config.environment)
  if (target.kind === 'embedded') warnOfUnusedAws(config, session)
  const embedded =
    target.kind === 'embedded' ? await store.startEmbeddedDynamo({ folder: session.dataDir, signal }) : null
  const endpoint = embedded?.endpoint ?? (target.kind === 'endpoint' ? target.endpoint : undefined)
  const region = target.kind === 'embedded' ? null : target.region
  const connection = store.connectDynamo({
    tablePrefix,
    logger: session.log,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === null ? {} : { region }),
  })
  return {
    repositories: store.createDynamoRepositories(connection),
    store: describeStore(target, tablePrefix, session.dataDir),
    isEmbedded: target.kind === 'embedded',
    now: () => new Date(Date.now()),
    init: async ({ pointInTimeRecovery }) =>
      await store.reconcileTables({ connection, tables: store.allTables, pointInTimeRecovery }, { signal }),
    [Symbol.asyncDispose]: async () => {
      await connection.close()
      await embedded?.close()
    },
  }
}

function warnOfUnusedAws(config: Config, session: ComposeValidatorParams['session']): void {
  const found = ['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_PROFILE'].filter((name) => config.environment[name])
  if (found.length === 0) return
  session.log.warn(
    { variables: found },
    'AWS is configured but not used: without DYNAMODB_ENDPOINT the tables are in the data folder; set DYNAMODB_ENDPOINT=aws for AWS',
  )
}

function describeStore(
  target: { readonly kind: string; readonly endpoint?: string; readonly region?: string | null },
  tablePrefix: string,
  dataDir: string,
): string {
  const tables = `tables ${tablePrefix}_*`
  if (target.kind === 'embedded') return `embedded DynamoDB in ${dataDir}, ${tables}`
  return target.kind === 'aws'
    ? `AWS ${target.region ?? ''}, ${tables}`
    : `${target.endpoint ?? ''}, ${tables}`
}
