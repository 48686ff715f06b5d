import type { ClickHouseClient } from '@clickhouse/client'
import type { StoreMetrics } from '@subnetkit/core'

import type { CONNECTION_DEFAULTS, ConnectionLogger } from './connection-options.ts'

/** What all databases of one connection share. */
export interface RunnerContext {
  /** Reads and commands. */
  readonly reader: ClickHouseClient
  /** Inserts; compresses their bodies where the wire is compressed. */
  readonly writer: ClickHouseClient
  readonly options: {
    readonly [
      Name in 'attempts' | 'retryBaseMs' | 'retryMaxMs' | 'killTimeoutMs' | 'maxExecutionSeconds'
    ]: number
  } & Pick<typeof CONNECTION_DEFAULTS, 'random' | 'sleep'> & { readonly newQueryId: () => string }
  readonly cluster: string | null
  readonly logger: ConnectionLogger | null
  readonly metrics: StoreMetrics | null
}
