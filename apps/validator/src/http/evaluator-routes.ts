import { checkNotFuture, evaluationSchema, type EvaluationRun, uuidSchema } from '@subnetkit/core'
import { clientGone, type HttpServer } from '@subnetkit/core/http'
import { z } from 'zod'

import { EVALUATORS_KEY } from '../agents/evaluators/evaluators.ts'
import { getAgent, getVersion } from '../agents/view/agent-lookup.ts'
import { onlyAllowed } from '../auth/may-ask.ts'
import { runReplySchema } from './agent-messages.ts'
import type { ApiDeps } from './api-deps.ts'
import {
  claimedEvaluationSchema,
  claimEvaluationSchema,
  finishEvaluationSchema,
  interruptedSchema,
  runReportSchema,
} from './evaluator-messages.ts'
import { runView } from './execution-view.ts'
import { addSignedScope, type SignerOf } from './signed-scope.ts'

/** Largest report on a run in bytes: patch, error and names of tests, with JSON's escapes. */
const MAX_REPORT_BYTES = 2 * 1024 * 1024
/** Requests of one address in a minute. */
const SIGNED_PER_MINUTE = 3_000

const limits = { config: { rateLimit: { max: SIGNED_PER_MINUTE, timeWindow: 60_000 } } }
const ofEvaluation = z.strictObject({ evaluationId: uuidSchema })

/**
 * The work of those who judge agents: claim an evaluation, report on its runs, finish it, or say that one goes away. All
 * of it is signed, and an evaluation is only its own validator's. Every request may be repeated.
 */
export function addEvaluatorRoutes(server: HttpServer, deps: ApiDeps): void {
  const mayAsk = onlyAllowed({ allowed: deps.evaluators, allowedBy: EVALUATORS_KEY })
  addSignedScope(server, { admission: deps.admission, mayAsk }, (scope, signerOf) => {
    addClaimRoute(scope, deps, signerOf)
    addReportRoute(scope, deps, signerOf)
    addFinishRoute(scope, deps, signerOf)
    addDisconnectRoute(scope, deps, signerOf)
  })
}

function addClaimRoute(scope: HttpServer, deps: ApiDeps, signerOf: SignerOf): void {
  scope.post(
    '/v1/evaluations/claim',
    {
      ...limits,
      schema: {
        summary: 'Begin the oldest evaluation that waits for the signer',
        body: claimEvaluationSchema,
        response: { 200: claimedEvaluationSchema },
      },
    },
    async (request) => {
      const { body, signal } = request
      const claim = { ...body, validatorHotkey: signerOf(request), now: deps.now() }
      const evaluation = await deps.agents.evaluations.claim(claim, { signal })
      if (evaluation === null) return { work: null }
      const version = await getVersion(deps, evaluation.versionId, { signal })
      return { work: { evaluation, version, agent: await getAgent(deps, version, { signal }) } }
    },
  )
}

function addReportRoute(scope: HttpServer, { agents, now }: ApiDeps, signerOf: SignerOf): void {
  scope.put(
    '/v1/evaluations/:evaluationId/runs/:runId',
    {
      ...limits,
      bodyLimit: MAX_REPORT_BYTES,
      schema: {
        summary: 'Report on a run; it never goes back, and the reply is what is stored, without its texts',
        params: ofEvaluation.extend({ runId: uuidSchema }),
        body: runReportSchema,
        response: { 200: runReplySchema },
      },
    },
    async (request, reply) => {
      const run = { ...request.params, ...request.body }
      checkTimes(run, now())
      const report = { run, validatorHotkey: signerOf(request) }
      return runView(await agents.evaluationRuns.put(report, { signal: clientGone(reply) }), false)
    },
  )
}

function addFinishRoute(scope: HttpServer, { agents, now }: ApiDeps, signerOf: SignerOf): void {
  scope.post(
    '/v1/evaluations/:evaluationId/finish',
    {
      ...limits,
      schema: {
        summary: 'End an attempt; the score follows from its runs, and a run without a verdict is not solved',
        params: ofEvaluation,
        body: finishEvaluationSchema,
        response: { 200: evaluationSchema },
      },
    },
    async (request, reply) => {
      const { attempt, outcome } = request.body
      const finish = {
        ...request.params,
        attempt,
        outcome: outcome.status === 'completed' ? { ...outcome, reason: null } : outcome,
        validatorHotkey: signerOf(request),
        now: now(),
      }
      return await agents.evaluations.finish(finish, { signal: clientGone(reply) })
    },
  )
}

function addDisconnectRoute(scope: HttpServer, { agents, now }: ApiDeps, signerOf: SignerOf): void {
  scope.post(
    '/v1/evaluations/disconnect',
    {
      ...limits,
      schema: {
        summary: 'Say that the signer goes away: what it runs waits again, for the next attempt',
        body: z.strictObject({}),
        response: { 200: interruptedSchema },
      },
    },
    async (request, reply) => {
      const disconnect = { validatorHotkey: signerOf(request), now: now() }
      return await agents.evaluations.disconnect(disconnect, { signal: clientGone(reply) })
    },
  )
}

/** @throws StorageError `invalid_input` for a time that is not there yet. */
function checkTimes(run: EvaluationRun, now: Date): void {
  const { evalStartedAt, patchGeneratedAt, resultScoredAt, sandboxCreatedAt, startedAt } = run
  const times = { startedAt, sandboxCreatedAt, patchGeneratedAt, evalStartedAt, resultScoredAt }
  for (const [name, at] of Object.entries(times)) {
    if (at !== null) checkNotFuture(`body.${name}`, at, now)
  }
}
