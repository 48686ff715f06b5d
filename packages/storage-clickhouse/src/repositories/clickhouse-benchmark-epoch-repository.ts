import {
  benchmarkEpochSchema,
  benchmarkEpochStatuses,
  hotkeySchema,
  imageTypeSchema,
  uuidSchema,
  type BenchmarkEpoch,
  type BenchmarkEpochRepository,
} from '@subnetkit/core'
import { z } from 'zod'

import type { PageKey } from '../query/read-page.ts'
import { benchmarkEpochRow } from './benchmark-epoch-rows.ts'
import { checkParam } from './check-param.ts'
import { submissionKeyCondition } from './clickhouse-submission-repository.ts'
import { createCurrentRows } from './current-rows.ts'
import { fieldCondition } from './field-condition.ts'
import type { Condition } from './key-condition.ts'
import type { RepositoryContext } from './keyed-rows.ts'

const newestFirst: readonly PageKey<BenchmarkEpoch>[] = [
  { field: 'startDate', column: 'start_date', type: 'Date', direction: 'desc' },
  { field: 'epochId', column: 'epoch_id', type: 'String' },
]

function epochCondition(epochId: string): Condition {
  return fieldCondition({ epochId: { schema: uuidSchema, value: epochId } })
}

/** Epochs in `benchmark_epochs`. */
export function createClickHouseBenchmarkEpochRepository(
  context: RepositoryContext,
): BenchmarkEpochRepository {
  const rows = createCurrentRows(context, benchmarkEpochRow)
  return {
    async put({ epoch }, options) {
      checkParam('epoch', benchmarkEpochSchema, epoch)
      await rows.put([epoch], epochCondition(epoch.epochId), options)
    },
    async find({ epochId }, options) {
      return rows.find(epochCondition(epochId), options)
    },
    async get({ epochId }, options) {
      return rows.get(epochCondition(epochId), `epoch ${epochId}`, options)
    },
    async findActive(key, options) {
      const { where, params } = submissionKeyCondition(key)
      return rows.find(
        {
          where: `${where} AND tournament_id IS NULL AND status IN ('pending', 'running')`,
          params,
          orderBy: 'start_date DESC, epoch_id',
        },
        options,
      )
    },
    async list({ hotkey, imageType, tournamentId, status, ...page }, options) {
      const condition = fieldCondition(
        {},
        {
          hotkey: { schema: hotkeySchema, value: hotkey },
          imageType: { schema: imageTypeSchema, value: imageType },
          tournamentId: { schema: uuidSchema.nullable(), value: tournamentId },
          status: { schema: z.enum(benchmarkEpochStatuses), value: status },
        },
      )
      return rows.list({ ...condition, ...page, orderBy: newestFirst }, options)
    },
  }
}
