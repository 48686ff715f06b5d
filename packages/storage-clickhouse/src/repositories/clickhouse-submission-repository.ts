import {
  hotkeySchema,
  imageTypeSchema,
  submissionSchema,
  submissionStatuses,
  type Submission,
  type SubmissionKey,
  type SubmissionRepository,
} from '@subnetkit/core'
import { z } from 'zod'

import type { PageKey } from '../query/read-page.ts'
import { imageTypeColumn } from './benchmark-columns.ts'
import { checkParam } from './check-param.ts'
import { createCurrentRows } from './current-rows.ts'
import { fieldCondition } from './field-condition.ts'
import type { Condition } from './key-condition.ts'
import type { RepositoryContext } from './keyed-rows.ts'
import { submissionRow } from './submission-rows.ts'

/** What is kept once for each miner and type of image. */
export function submissionKeyCondition({ hotkey, imageType }: SubmissionKey): Condition {
  return fieldCondition({
    hotkey: { schema: hotkeySchema, value: hotkey },
    imageType: { schema: imageTypeSchema, value: imageType },
  })
}

const byRegistration: readonly PageKey<Submission>[] = [
  { field: 'registeredAt', column: 'registered_at', type: "DateTime64(3, 'UTC')" },
  { field: 'hotkey', column: 'hotkey', type: 'String' },
  { field: 'imageType', column: 'image_type', type: imageTypeColumn.type },
]

/** Submissions in `benchmark_miner_registry`. */
export function createClickHouseSubmissionRepository(context: RepositoryContext): SubmissionRepository {
  const rows = createCurrentRows(context, submissionRow)
  const get: SubmissionRepository['get'] = async (key, options) =>
    rows.get(submissionKeyCondition(key), `the ${key.imageType} submission of ${key.hotkey}`, options)
  const put: SubmissionRepository['put'] = async ({ submission }, options) => {
    checkParam('submission', submissionSchema, submission)
    await rows.put([submission], submissionKeyCondition(submission), options)
  }
  return {
    put,
    get,
    async find(key, options) {
      return rows.find(submissionKeyCondition(key), options)
    },
    async list({ imageType, status, ...page }, options) {
      const condition = fieldCondition(
        {},
        {
          imageType: { schema: imageTypeSchema, value: imageType },
          status: { schema: z.enum(submissionStatuses), value: status },
        },
      )
      return rows.list({ ...condition, ...page, orderBy: byRegistration }, options)
    },
    async setStatus({ status, validationError, now, ...key }, options) {
      const submission = { ...(await get(key, options)), status, validationError, lastUpdatedAt: now }
      await put({ submission }, options)
      return submission
    },
  }
}
