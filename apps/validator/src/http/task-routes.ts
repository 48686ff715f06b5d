import { clientGone, type HttpServer } from '@subnetkit/core/http'
import type { z } from 'zod'

import { ALLOWED_EXECUTORS_KEY } from '../auth/allowed-executors.ts'
import { onlyAllowed } from '../auth/may-ask.ts'
import { claimForExecutor, type OfferedTask } from '../executors/claim-for-executor.ts'
import { checkTokenOwner, leaseRefusal } from '../executors/executor-deps.ts'
import { failForExecutor } from '../executors/fail-for-executor.ts'
import { storeSubmission, type StoredSubmission } from '../executors/store-submission.ts'
import { keyOf, lostReason } from '../sampling/store-attempt.ts'
import type { ApiDeps } from './api-deps.ts'
import { addSignedScope, type SignerOf } from './signed-scope.ts'
import {
  claimReplySchema,
  claimSchema,
  failReplySchema,
  failSchema,
  heartbeatReplySchema,
  heldSchema,
  type offeredTaskSchema,
  storedReplySchema,
  submitSchema,
} from './task-messages.ts'

/** Largest submission in bytes: a long conversation, and JSON's escapes. */
const MAX_SUBMISSION_BYTES = 16 * 1024 * 1024
/** Requests of one address in a minute. */
const SIGNED_PER_MINUTE = 3_000

const limits = { config: { rateLimit: { max: SIGNED_PER_MINUTE, timeWindow: 60_000 } } }

/** The work of remote executors: claim, heartbeat, submit, fail. All of it signed. */
export function addTaskRoutes(server: HttpServer, deps: ApiDeps): void {
  const mayAsk = onlyAllowed({ allowed: deps.allowedExecutors, allowedBy: ALLOWED_EXECUTORS_KEY })
  addSignedScope(server, { admission: deps.admission, mayAsk }, (scope, signerOf) => {
    addClaimRoute(scope, deps, signerOf)
    addHeartbeatRoute(scope, deps, signerOf)
    addSubmitRoute(scope, deps, signerOf)
    addFailRoute(scope, deps, signerOf)
  })
}

function addClaimRoute(scope: HttpServer, { executors }: ApiDeps, signerOf: SignerOf): void {
  scope.post(
    '/v1/tasks/claim',
    {
      ...limits,
      schema: { summary: 'Take tasks under a lease', body: claimSchema, response: { 200: claimReplySchema } },
    },
    async (request) => {
      const claim = { ...request.body, hotkey: signerOf(request) }
      const { token, offered } = await claimForExecutor(executors, claim)
      return { token, tasks: offered.map(offeredView) }
    },
  )
}

function addHeartbeatRoute(scope: HttpServer, { executors, now }: ApiDeps, signerOf: SignerOf): void {
  scope.post(
    '/v1/tasks/heartbeat',
    {
      ...limits,
      schema: {
        summary: 'Keep a lease; a task without heartbeats goes to another worker',
        body: heldSchema,
        response: { 200: heartbeatReplySchema },
      },
    },
    async (request) => {
      const { token } = request.body
      checkTokenOwner(signerOf(request), token)
      const { leaseMs } = await executors.settings()
      const heartbeat = { key: keyOf(request.body), token, leaseMs, now: now() }
      try {
        await executors.repositories.samplingTasks.heartbeat(heartbeat)
      } catch (error) {
        const reason = lostReason(error)
        throw reason === null ? error : leaseRefusal(reason)
      }
      return { leaseExpiresAt: new Date(heartbeat.now.getTime() + leaseMs) }
    },
  )
}

function addSubmitRoute(scope: HttpServer, { executors }: ApiDeps, signerOf: SignerOf): void {
  scope.post(
    '/v1/tasks/submit',
    {
      ...limits,
      bodyLimit: MAX_SUBMISSION_BYTES,
      schema: {
        summary: 'Bring a miner’s answer; it is judged here, and the reply says that it is stored',
        body: submitSchema,
        response: { 200: storedReplySchema },
      },
    },
    async (request, reply) => {
      const { answer, latencyMs, messages, signature, token, usage, ...key } = request.body
      const outcome = { kind: 'answered', answer, messages, usage } as const
      const submission = { hotkey: signerOf(request), key, token, latencyMs, signature, outcome }
      return storedView(await storeSubmission(executors, submission, clientGone(reply)))
    },
  )
}

function addFailRoute(scope: HttpServer, { executors }: ApiDeps, signerOf: SignerOf): void {
  scope.post(
    '/v1/tasks/fail',
    {
      ...limits,
      schema: {
        summary: 'Say that a miner failed, which is score 0, or that it could not be asked',
        body: failSchema,
        response: { 200: failReplySchema },
      },
    },
    async (request) => {
      const { body, signal } = request
      const { latencyMs, message, reason, token } = body
      const held = { hotkey: signerOf(request), key: keyOf(body), token, latencyMs }
      if (body.kind === 'miner_fault') {
        const outcome = { kind: body.kind, reason, message } as const
        const submission = { ...held, signature: body.signature, outcome }
        return storedView(await storeSubmission(executors, submission, signal))
      }
      const { attempts, notBefore, status } = await failForExecutor(executors, { ...held, reason, message })
      return { outcome: 'put_back' as const, status, notBefore, attempts }
    },
  )
}

function offeredView({ miner, question, task }: OfferedTask): z.input<typeof offeredTaskSchema> {
  return {
    ...keyOf(task),
    attempt: task.attempts,
    leaseExpiresAt: task.lease?.expiresAt ?? task.updatedAt,
    endpoint: miner.endpoint,
    modelName: miner.modelName,
    modelHash: miner.modelHash,
    messages: question.prompt,
    seed: question.seed,
    temperature: 0,
  }
}

function storedView({ outcome, sample }: StoredSubmission): z.input<typeof storedReplySchema> {
  const { sampleId, score, success, takenAt } = sample
  return { outcome, sampleId, score, success, takenAt }
}
