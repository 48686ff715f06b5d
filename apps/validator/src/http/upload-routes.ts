import {
  agentSchema,
  agentVersionSchema,
  evaluationSchema,
  hotkeySchema,
  instantSchema,
} from '@subnetkit/core'
import type { HttpServer } from '@subnetkit/core/http'
import { z } from 'zod'

import type { MayAsk } from '../auth/may-ask.ts'
import { checkUploadRequest, uploadQuerySchema } from '../uploads/check-upload-request.ts'
import { readUploadStanding } from '../uploads/next-upload.ts'
import { receiveUpload } from '../uploads/receive-upload.ts'
import { MAX_UPLOAD_BYTES } from '../uploads/upload-settings.ts'
import type { ApiDeps } from './api-deps.ts'
import { addSignedScope } from './signed-scope.ts'

/** Requests of one address in a minute: many miners may share one, a proxy's. */
const UPLOADS_PER_MINUTE = 3_000

const uploadedSchema = z.strictObject({
  agent: agentSchema,
  version: agentVersionSchema,
  queue: z
    .array(
      evaluationSchema.pick({ evaluationId: true, validatorHotkey: true, status: true, createdAt: true }),
    )
    .readonly()
    .describe('where the version waits to be judged'),
})

const standingSchema = z.strictObject({
  nextVersionNum: agentSchema.shape.latestVersion.describe('what versionNum of the next upload has to be'),
  notBefore: instantSchema.nullable().describe('when it may come; null for at once'),
  maxBytes: z.int().describe('largest file'),
})

/** Uploads of agents, signed by the hotkey that they are of, and what the next one has to say. */
export function addUploadRoutes(server: HttpServer, deps: ApiDeps): void {
  const { uploads, admission } = deps
  const mayAsk: MayAsk = async ({ hotkey: minerHotkey, query, contentLength }) => {
    await checkUploadRequest(uploads, { minerHotkey, query, contentLength })
  }
  addSignedScope(server, { admission, mayAsk, body: 'bytes' }, (scope, signerOf) => {
    scope.addHook('onResponse', async (_request, reply) => uploads.answered(reply.statusCode))
    scope.post(
      '/v1/agents',
      {
        config: { rateLimit: { max: UPLOADS_PER_MINUTE, timeWindow: 60_000 } },
        bodyLimit: MAX_UPLOAD_BYTES,
        schema: {
          summary: 'Upload the next version of the signer’s agent: the body is the Python file itself',
          consumes: ['application/octet-stream', 'text/x-python'],
          querystring: uploadQuerySchema,
          response: { 201: uploadedSchema },
        },
      },
      async (request, reply) => {
        const { query, ip, signal } = request
        const content = request.body instanceof Uint8Array ? request.body : new Uint8Array()
        const minerHotkey = signerOf(request)
        const upload = { ...query, minerHotkey, content, clientAddress: ip }
        const { agent, version, evaluations } = await receiveUpload(uploads, upload, { signal })
        const queue = evaluations.map(({ evaluationId, validatorHotkey, status, createdAt }) => ({
          evaluationId,
          validatorHotkey,
          status,
          createdAt,
        }))
        return await reply.code(201).send({ agent, version, queue })
      },
    )
  })
  addStandingRoute(server, deps)
}

function addStandingRoute(server: HttpServer, { uploads, now }: ApiDeps): void {
  server.get(
    '/v1/agent-uploads/next',
    {
      schema: {
        summary: 'What the next upload of a hotkey has to say, and when it may come',
        querystring: z.strictObject({ minerHotkey: hotkeySchema }),
        response: { 200: standingSchema },
      },
    },
    async ({ query: { minerHotkey }, signal }) => {
      const { secondsBetween, maxBytes } = await uploads.settings()
      const asked = { minerHotkey, secondsBetween, now: now() }
      const { nextVersionNum, notBefore } = await readUploadStanding(uploads, asked, { signal })
      return { nextVersionNum, notBefore, maxBytes }
    },
  )
}
