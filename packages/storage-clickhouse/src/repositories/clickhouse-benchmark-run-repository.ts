import {
  benchmarkRunSchema,
  hotkeySchema,
  imageTypeSchema,
  networkSchema,
  utcDateSchema,
  uuidSchema,
  windowDaysSchema,
  type BenchmarkRun,
  type BenchmarkRunKey,
  type BenchmarkRunRepository,
  type ImageType,
} from '@subnetkit/core'

import type { PageKey } from '../query/read-page.ts'
import { analyticsRunTable, mlRunTable, type RunTable } from './benchmark-run-rows.ts'
import { checkParam } from './check-param.ts'
import { createCurrentRows } from './current-rows.ts'
import { fieldCondition } from './field-condition.ts'
import type { Condition } from './key-condition.ts'
import type { RepositoryContext } from './keyed-rows.ts'

/** Unlike other fields these are in both tables. */
type Placed = Pick<BenchmarkRun, 'testDate' | 'runOrder' | 'network' | 'windowDays' | 'hotkey' | 'epochId'>

/** A hotkey may have several epochs on one day: the epoch makes the order complete. */
const inOrder: readonly PageKey<Placed>[] = [
  { field: 'testDate', column: 'test_date', type: 'Date' },
  { field: 'runOrder', column: 'run_order', type: 'UInt16' },
  { field: 'network', column: 'network', type: 'String' },
  { field: 'windowDays', column: 'window_days', type: 'UInt16' },
  { field: 'hotkey', column: 'hotkey', type: 'String' },
  { field: 'epochId', column: 'epoch_id', type: 'String' },
]

function runCondition({ epochId, hotkey, testDate, network, windowDays }: BenchmarkRunKey): Condition {
  return fieldCondition({
    epochId: { schema: uuidSchema, value: epochId },
    hotkey: { schema: hotkeySchema, value: hotkey },
    testDate: { schema: utcDateSchema, value: testDate, type: 'Date' },
    network: { schema: networkSchema, value: network },
    windowDays: { schema: windowDaysSchema, value: windowDays, type: 'UInt16' },
  })
}

type Runs = Pick<BenchmarkRunRepository, 'find' | 'get' | 'list' | 'put'>

function createRuns<Row extends Placed>(
  context: RepositoryContext,
  { codec, toRow, toRun }: RunTable<Row>,
): Runs {
  const rows = createCurrentRows(context, codec)
  return {
    async put({ run }, options) {
      await rows.put([toRow(run)], runCondition(run), options)
    },
    async find(key, options) {
      const row = await rows.find(runCondition(key), options)
      return row === null ? null : toRun(row)
    },
    async get(key, options) {
      const { epochId, hotkey, network, testDate, windowDays } = key
      const what = `the run of ${hotkey} in epoch ${epochId} on ${testDate}, ${network}, ${windowDays} days,`
      return toRun(await rows.get(runCondition(key), what, options))
    },
    async list({ imageType: _tableOfItsOwn, epochId, tournamentId, hotkey, testDate, ...page }, options) {
      const condition = fieldCondition(
        {},
        {
          epochId: { schema: uuidSchema, value: epochId },
          tournamentId: { schema: uuidSchema, value: tournamentId },
          hotkey: { schema: hotkeySchema, value: hotkey },
          testDate: { schema: utcDateSchema, value: testDate, type: 'Date' },
        },
      )
      const { items, nextCursor } = await rows.list({ ...condition, ...page, orderBy: inOrder }, options)
      return { items: items.map(toRun), nextCursor }
    },
  }
}

/** Runs in `benchmark_analytics_daily_runs` and `benchmark_ml_daily_runs`, each type in its own. */
export function createClickHouseBenchmarkRunRepository(context: RepositoryContext): BenchmarkRunRepository {
  const runs: Readonly<Record<ImageType, Runs>> = {
    analytics: createRuns(context, analyticsRunTable),
    ml: createRuns(context, mlRunTable),
  }
  const of = (imageType: ImageType): Runs => {
    checkParam('imageType', imageTypeSchema, imageType)
    return runs[imageType]
  }
  return {
    async put({ run }, options) {
      checkParam('run', benchmarkRunSchema, run)
      await of(run.imageType).put({ run }, options)
    },
    async find(key, options) {
      return of(key.imageType).find(key, options)
    },
    async get(key, options) {
      return of(key.imageType).get(key, options)
    },
    async list(params, options) {
      return of(params.imageType).list(params, options)
    },
  }
}
