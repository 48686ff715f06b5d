import { alertSchema, StorageError } from '@subnetkit/core'
import type { HttpServer } from '@subnetkit/core/http'
import { z } from 'zod'

import { parseExplanation } from '../report/explanation-text.ts'
import { dayKeyOf } from '../tasks/day-steps.ts'
import { type ApiDeps, dateParamSchema, getBatch, scopeQueryShape } from './api-deps.ts'

const contributionSchema = z.strictObject({ feature: z.string(), impact: z.number(), value: z.number() })

const explainedAlertSchema = z.strictObject({
  alert: alertSchema.omit({ evidenceJson: true }).extend({ evidence: z.json() }),
  score: z.number(),
  modelVersion: z.string(),
  base: z.number(),
  /** They add up, with the base, to the score. */
  contributions: z.array(contributionSchema).readonly(),
})

/** One alert with its evidence, its score and why it has it. */
export function addAlertRoutes(server: HttpServer, deps: ApiDeps): void {
  server.get(
    '/v1/alerts/:date/:alertId',
    {
      schema: {
        summary: 'One alert: evidence, score and what the score is made of',
        params: dateParamSchema.extend({ alertId: z.string().min(1).max(256) }),
        querystring: z.strictObject(scopeQueryShape(deps)),
        response: { 200: explainedAlertSchema },
      },
    },
    async ({ params: { alertId, date }, query, signal }) => {
      const batch = await getBatch(deps, date, query, signal)
      const { alerts, alertScores } = deps.storesOf(query.network)
      const day = dayKeyOf(batch)
      const alert = await alerts.find({ key: { ...day, snapshotId: batch.snapshotId }, alertId }, { signal })
      const scored = await alertScores.find({ key: { ...day, batchId: batch.batchId }, alertId }, { signal })
      if (alert === null || scored === null) {
        throw new StorageError({
          code: 'not_found',
          message: `${day.processingDate} has no alert ${alertId}; /v1/rankings/alerts/${day.processingDate} lists them`,
        })
      }
      const { evidenceJson, ...rest } = alert
      const { base, contributions } = parseExplanation(scored.explainJson)
      return {
        alert: { ...rest, evidence: readJson(evidenceJson) },
        score: scored.score,
        modelVersion: scored.modelVersion,
        base,
        contributions,
      }
    },
  )
}

/** Evidence of a published snapshot is whatever its maker wrote; what is no JSON is given as text. */
function readJson(text: string): z.output<ReturnType<typeof z.json>> {
  try {
    return z.json().parse(JSON.parse(text))
  } catch {
    return text
  }
}
