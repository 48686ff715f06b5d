import {
  baselineSchema,
  imageTypeSchema,
  uuidSchema,
  type Baseline,
  type BaselineRepository,
} from '@subnetkit/core'

import type { PageKey } from '../query/read-page.ts'
import { baselineRow } from './baseline-rows.ts'
import { checkParam } from './check-param.ts'
import { createCurrentRows } from './current-rows.ts'
import { fieldCondition } from './field-condition.ts'
import type { Condition } from './key-condition.ts'
import type { RepositoryContext } from './keyed-rows.ts'

const newestFirst: readonly PageKey<Baseline>[] = [
  { field: 'createdAt', column: 'created_at', type: "DateTime64(3, 'UTC')", direction: 'desc' },
  { field: 'baselineId', column: 'baseline_id', type: 'String', direction: 'desc' },
]

function idCondition(baselineId: string): Condition {
  return fieldCondition({ baselineId: { schema: uuidSchema, value: baselineId } })
}

/** Baselines in `baseline_registry`. */
export function createClickHouseBaselineRepository(context: RepositoryContext): BaselineRepository {
  const rows = createCurrentRows(context, baselineRow)
  return {
    async put({ baseline }, options) {
      checkParam('baseline', baselineSchema, baseline)
      const { imageType, version } = baseline
      const key = fieldCondition({
        imageType: { schema: imageTypeSchema, value: imageType },
        version: { schema: baselineSchema.shape.version, value: version },
      })
      await rows.put([baseline], key, options)
    },
    async find({ baselineId }, options) {
      return rows.find(idCondition(baselineId), options)
    },
    async get({ baselineId }, options) {
      return rows.get(idCondition(baselineId), `baseline ${baselineId}`, options)
    },
    async findActive({ imageType }, options) {
      const { where, params } = fieldCondition({ imageType: { schema: imageTypeSchema, value: imageType } })
      return rows.find(
        {
          where: `${where} AND status = 'active'`,
          params,
          orderBy: 'activated_at DESC NULLS LAST, created_at DESC, baseline_id DESC',
        },
        options,
      )
    },
    async list({ imageType, ...page }, options) {
      const condition = fieldCondition({}, { imageType: { schema: imageTypeSchema, value: imageType } })
      return rows.list({ ...condition, ...page, orderBy: newestFirst }, options)
    },
  }
}
