import {
  benchmarkScoreSchema,
  hotkeySchema,
  imageTypeSchema,
  uuidSchema,
  type BenchmarkScore,
  type BenchmarkScoreRepository,
} from '@subnetkit/core'
import { z } from 'zod'

import type { PageKey } from '../query/read-page.ts'
import { benchmarkScoreRow } from './benchmark-score-rows.ts'
import { checkParam } from './check-param.ts'
import { createCurrentRows } from './current-rows.ts'
import { fieldCondition } from './field-condition.ts'
import type { RepositoryContext } from './keyed-rows.ts'
import { MAX_PARAMETER_BYTES, textChunks } from './text-chunks.ts'

const byHotkey: readonly PageKey<BenchmarkScore>[] = [{ field: 'hotkey', column: 'hotkey', type: 'String' }]

const newestFirst: readonly PageKey<BenchmarkScore>[] = [
  { field: 'calculatedAt', column: 'calculated_at', type: "DateTime64(3, 'UTC')", direction: 'desc' },
  { field: 'epochId', column: 'epoch_id', type: 'String', direction: 'desc' },
]

const scoresSchema = z.array(benchmarkScoreSchema)

/** Scores in `benchmark_scores`. */
export function createClickHouseBenchmarkScoreRepository(
  context: RepositoryContext,
): BenchmarkScoreRepository {
  const rows = createCurrentRows(context, benchmarkScoreRow)
  return {
    async put({ scores }, options) {
      options?.signal?.throwIfAborted()
      checkParam('scores', scoresSchema, scores)
      const hotkeys = [...new Set(scores.map(({ hotkey }) => hotkey))]
      for (const chunk of textChunks(hotkeys, MAX_PARAMETER_BYTES)) {
        const members = new Set(chunk)
        await rows.put(
          scores.filter(({ hotkey }) => members.has(hotkey)),
          fieldCondition({ hotkey: { schema: z.array(hotkeySchema), value: chunk } }),
          options,
        )
      }
    },
    async find({ imageType, hotkey, epochId }, options) {
      const key = fieldCondition({
        imageType: { schema: imageTypeSchema, value: imageType },
        hotkey: { schema: hotkeySchema, value: hotkey },
        epochId: { schema: uuidSchema, value: epochId },
      })
      return rows.find(key, options)
    },
    async listLatest({ imageType, isTournamentIncluded, ...page }, options) {
      checkParam('isTournamentIncluded', z.boolean(), isTournamentIncluded)
      const { where, params } = fieldCondition({ imageType: { schema: imageTypeSchema, value: imageType } })
      const among = isTournamentIncluded ? where : `${where} AND tournament_id IS NULL`
      return rows.list(
        {
          where: `${among} AND (hotkey, epoch_id) IN (
  SELECT hotkey, argMax(epoch_id, (calculated_at, epoch_id)) FROM {table} WHERE ${among} GROUP BY hotkey
)`,
          params,
          ...page,
          orderBy: byHotkey,
        },
        options,
      )
    },
    async listOf({ imageType, hotkey, ...page }, options) {
      const condition = fieldCondition({
        imageType: { schema: imageTypeSchema, value: imageType },
        hotkey: { schema: hotkeySchema, value: hotkey },
      })
      return rows.list({ ...condition, ...page, orderBy: newestFirst }, options)
    },
  }
}
