import {
  hotkeySchema,
  imageTypeSchema,
  instantSchema,
  type Submission,
  submissionStatuses,
} from '@subnetkit/core'
import { type HttpServer, pageQueryShape, pageReplySchema } from '@subnetkit/core/http'
import { z } from 'zod'

import type { ApiDeps } from './api-deps.ts'
import { pageOf } from './run-output-routes.ts'

/** Which submissions, of which page. */
export const submissionQuery = z.strictObject({
  image_type: imageTypeSchema.optional(),
  status: z.enum(submissionStatuses).optional(),
  ...pageQueryShape,
})
/** A submission without where its code lies. */
export const submissionMessageSchema = z.strictObject({
  hotkey: hotkeySchema,
  image_type: imageTypeSchema,
  status: z.enum(submissionStatuses),
  validation_error: z.string().nullable(),
  registered_at: instantSchema,
  last_updated_at: instantSchema,
})

/** Who entered something. Where the code lies is told to holders of the key alone: it could still be copied. */
export function addSubmissionRoutes(server: HttpServer, { repositories }: ApiDeps): void {
  server.get(
    '/api/v1/submissions',
    {
      schema: {
        summary: 'Submissions by registration, and why one was refused',
        querystring: submissionQuery,
        response: { 200: pageReplySchema(submissionMessageSchema) },
      },
    },
    async ({ query, signal }) => {
      const page = await repositories.submissions.list(submissionFilter(query), { signal })
      return { items: page.items.map(submissionMessage), nextCursor: page.nextCursor }
    },
  )
}

/** A query as the repository takes it. */
export function submissionFilter(
  query: z.output<typeof submissionQuery>,
): Parameters<ApiDeps['repositories']['submissions']['list']>[0] {
  return {
    ...pageOf(query),
    ...(query.image_type === undefined ? {} : { imageType: query.image_type }),
    ...(query.status === undefined ? {} : { status: query.status }),
  }
}

/** See {@link submissionMessageSchema}. */
export function submissionMessage(submission: Submission): z.input<typeof submissionMessageSchema> {
  return {
    hotkey: submission.hotkey,
    image_type: submission.imageType,
    status: submission.status,
    validation_error: submission.validationError,
    registered_at: submission.registeredAt,
    last_updated_at: submission.lastUpdatedAt,
  }
}
