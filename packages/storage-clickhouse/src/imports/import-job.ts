import type { ImportFileParams } from '@subnetkit/core'

import type { ClickHouseConnection } from '../connection.ts'

/** One import under way. */
export interface ImportJob {
  readonly connection: ClickHouseConnection
  /** The import's own staging table. */
  readonly table: string
  /** Version of the rows that it stores. */
  readonly version: bigint
  readonly params: ImportFileParams
  readonly signal?: AbortSignal
}
