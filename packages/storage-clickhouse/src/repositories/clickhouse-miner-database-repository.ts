import {
  minerDatabaseSchema,
  minerDatabaseStatuses,
  type MinerDatabase,
  type MinerDatabaseRepository,
} from '@subnetkit/core'
import { z } from 'zod'

import type { PageKey } from '../query/read-page.ts'
import { checkParam } from './check-param.ts'
import { submissionKeyCondition } from './clickhouse-submission-repository.ts'
import { createCurrentRows } from './current-rows.ts'
import { fieldCondition } from './field-condition.ts'
import type { RepositoryContext } from './keyed-rows.ts'
import { minerDatabaseRow } from './miner-database-rows.ts'

const usedLastFirst: readonly PageKey<MinerDatabase>[] = [
  { field: 'lastUsedAt', column: 'last_used_at', type: "DateTime64(3, 'UTC')", direction: 'desc' },
  { field: 'databaseName', column: 'database_name', type: 'String' },
]

/** Miners' databases in `benchmark_miner_databases`. */
export function createClickHouseMinerDatabaseRepository(context: RepositoryContext): MinerDatabaseRepository {
  const rows = createCurrentRows(context, minerDatabaseRow)
  const get: MinerDatabaseRepository['get'] = async (key, options) =>
    rows.get(submissionKeyCondition(key), `the ${key.imageType} database of ${key.hotkey}`, options)
  const put: MinerDatabaseRepository['put'] = async ({ minerDatabase }, options) => {
    checkParam('minerDatabase', minerDatabaseSchema, minerDatabase)
    await rows.put([minerDatabase], submissionKeyCondition(minerDatabase), options)
  }
  return {
    put,
    get,
    async find(key, options) {
      return rows.find(submissionKeyCondition(key), options)
    },
    async list({ status, ...page }, options) {
      const wanted = { status: { schema: z.enum(minerDatabaseStatuses), value: status } }
      return rows.list({ ...fieldCondition({}, wanted), ...page, orderBy: usedLastFirst }, options)
    },
    async touch({ status, now, ...key }, options) {
      const stored = await get(key, options)
      const minerDatabase = { ...stored, status: status ?? stored.status, lastUsedAt: now }
      await put({ minerDatabase }, options)
      return minerDatabase
    },
  }
}
