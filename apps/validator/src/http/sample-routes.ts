import {
  conversationSchema,
  generationSchema,
  InputError,
  type SampleKey,
  sampleSchema,
  sampleScopeSchema,
  StorageError,
  taskIdSchema,
} from '@subnetkit/core'
import { numberFromText } from '@subnetkit/core/cli'
import { type HttpServer, pageQueryShape, pageReplySchema } from '@subnetkit/core/http'
import { z } from 'zod'

import { type ApiDeps, pageOf } from './api-deps.ts'

/** The longest conversation that goes out over HTTP, in bytes of JSON: above what any executor can submit. */
const MAX_CONVERSATION_BYTES = 32 * 1024 * 1024
const HIGHEST_GENERATION = 999_999

const generation = numberFromText(generationSchema)
const querystring = z.strictObject({
  ...sampleScopeSchema.shape,
  fromGeneration: generation.default(0),
  toGeneration: generation.default(HIGHEST_GENERATION),
  ...pageQueryShape,
})
const params = z.strictObject({
  ...sampleScopeSchema.shape,
  generation,
  taskId: numberFromText(taskIdSchema),
}) satisfies z.ZodType<SampleKey>

const ONE_SAMPLE = '/v1/samples/:minerHotkey/:modelRevision/:environment/:generation/:taskId'

/** Samples: compact ones in pages, and what was said, one at a time. */
export function addSampleRoutes(server: HttpServer, { repositories: { samples } }: ApiDeps): void {
  const noSample = ({ environment, taskId, minerHotkey }: SampleKey): StorageError =>
    new StorageError({
      code: 'not_found',
      message: `there is no sample of task ${taskId} of ${environment} for ${minerHotkey}; /v1/samples lists them`,
    })

  server.get(
    '/v1/samples',
    {
      schema: {
        summary: 'Samples of one model in one environment by generation and task, without conversations',
        querystring,
        response: { 200: pageReplySchema(sampleSchema) },
      },
    },
    async ({ query, signal }) => {
      const { environment, fromGeneration, minerHotkey, modelRevision, toGeneration } = query
      if (fromGeneration > toGeneration) {
        throw new InputError({
          field: 'query.fromGeneration',
          value: fromGeneration,
          problem: `is above toGeneration, ${toGeneration}`,
          hint: 'both bounds are included; swap them',
        })
      }
      const scope = { minerHotkey, modelRevision, environment }
      return await samples.list({ scope, fromGeneration, toGeneration, ...pageOf(query) }, { signal })
    },
  )

  server.get(
    ONE_SAMPLE,
    { schema: { summary: 'One sample', params, response: { 200: sampleSchema } } },
    async ({ params: key, signal }) => {
      const sample = await samples.find({ key }, { signal })
      if (sample === null) throw noSample(key)
      return sample
    },
  )

  server.get(
    `${ONE_SAMPLE}/conversation`,
    {
      schema: {
        summary: 'What was said for one sample; texts are the miners’ own and must not be trusted',
        params,
        response: { 200: conversationSchema },
      },
    },
    async ({ params: key, signal }) => {
      const sample = await samples.find({ key }, { signal })
      const isServed = sample !== null && sample.conversationBytes <= MAX_CONVERSATION_BYTES
      const conversation = isServed ? await samples.findConversation({ key }, { signal }) : null
      if (conversation !== null) return conversation
      if (sample === null || isServed) throw noSample(key)
      throw new InputError({
        field: 'params.taskId',
        value: key.taskId,
        problem: `has a conversation of ${sample.conversationBytes} bytes, over the ${MAX_CONVERSATION_BYTES} that are served`,
        hint: 'read it from the store',
      })
    },
  )
}
