import {
  type BenchmarkRun,
  type ImageType,
  judgedPatternSchema,
  judgedScoreSchema,
  networkSchema,
  plantedOutcomeSchema,
  type TournamentParticipant,
  windowDaysSchema,
} from '@subnetkit/core'
import { numberFromText } from '@subnetkit/core/cli'
import { type HttpServer, pageQueryShape, pageReplySchema, RequestRefusal } from '@subnetkit/core/http'
import { z } from 'zod'

import { getParticipant, getRun, getTournament } from '../published/tournament-lookup.ts'
import { requireShownWorld } from '../published/world-secrecy.ts'
import type { ApiDeps } from './api-deps.ts'
import { dayParam } from './day-routes.ts'
import { participantParams } from './participant-routes.ts'

const runParams = participantParams.extend({ day: dayParam })
/** Which of a day's runs. */
export const runQueryShape = {
  network: networkSchema,
  window_days: numberFromText(windowDaysSchema),
}
const querystring = z.strictObject({ ...runQueryShape, ...pageQueryShape })

const reportMessageSchema = z.strictObject({
  row_number: judgedPatternSchema.shape.rowNumber,
  pattern_type: judgedPatternSchema.shape.patternType,
  addresses: judgedPatternSchema.shape.addresses,
  verdict: judgedPatternSchema.shape.verdict,
  explanation: judgedPatternSchema.shape.explanation,
  is_accepted: z.boolean(),
  planted_pattern: z.string().nullable(),
})
const plantedMessageSchema = z.strictObject({
  planted_pattern: plantedOutcomeSchema.shape.plantedPattern,
  pattern_type: plantedOutcomeSchema.shape.patternType,
  addresses: plantedOutcomeSchema.shape.addresses,
  is_found: z.boolean(),
  found_by_row: z.int().nullable(),
})
const scoreMessageSchema = z.strictObject({
  row_number: judgedScoreSchema.shape.rowNumber,
  address: judgedScoreSchema.shape.address,
  risk_score: judgedScoreSchema.shape.riskScore,
  verdict: judgedScoreSchema.shape.verdict,
})

/**
 * What a run reported and what it should have found, row by row: told once its tournament is completed, and refused with
 * 409 `NOT_REVEALED` before.
 */
export function addRunOutputRoutes(server: HttpServer, deps: ApiDeps): void {
  const { minerOutputs } = deps.repositories
  const base = '/api/v1/tournaments/:tournamentId/participants/:hotkey/days/:day'

  server.get(
    `${base}/patterns`,
    {
      schema: {
        summary: 'The patterns that a run reported, each with its verdict; after the end only',
        params: runParams,
        querystring,
        response: { 200: pageReplySchema(reportMessageSchema) },
      },
    },
    async ({ params, query, signal }) => {
      const key = await findShownRun(deps, { ...params, ...query, imageType: 'analytics' }, signal)
      const page = await minerOutputs.listPatterns({ ...key, ...pageOf(query) }, { signal })
      return {
        items: page.items.map((row) => ({
          row_number: row.rowNumber,
          pattern_type: row.patternType,
          addresses: row.addresses,
          verdict: row.verdict,
          explanation: row.explanation,
          is_accepted: row.isAccepted,
          planted_pattern: row.plantedPattern === '' ? null : row.plantedPattern,
        })),
        nextCursor: page.nextCursor,
      }
    },
  )

  server.get(
    `${base}/planted`,
    {
      schema: {
        summary: 'The patterns that were planted for a run, found or missed; after the end only',
        params: runParams,
        querystring,
        response: { 200: pageReplySchema(plantedMessageSchema) },
      },
    },
    async ({ params, query, signal }) => {
      const key = await findShownRun(deps, { ...params, ...query, imageType: 'analytics' }, signal)
      const page = await minerOutputs.listPlanted({ ...key, ...pageOf(query) }, { signal })
      return {
        items: page.items.map((row) => ({
          planted_pattern: row.plantedPattern,
          pattern_type: row.patternType,
          addresses: row.addresses,
          is_found: row.isFound,
          found_by_row: row.foundByRow,
        })),
        nextCursor: page.nextCursor,
      }
    },
  )

  server.get(
    `${base}/scores`,
    {
      schema: {
        summary: 'The risk scores that a run reported, each with its verdict; after the end only',
        params: runParams,
        querystring,
        response: { 200: pageReplySchema(scoreMessageSchema) },
      },
    },
    async ({ params, query, signal }) => {
      const key = await findShownRun(deps, { ...params, ...query, imageType: 'ml' }, signal)
      const page = await minerOutputs.listScores({ ...key, ...pageOf(query) }, { signal })
      return {
        items: page.items.map((row) => ({
          row_number: row.rowNumber,
          address: row.address,
          risk_score: row.riskScore,
          verdict: row.verdict,
        })),
        nextCursor: page.nextCursor,
      }
    },
  )
}

interface WantedRun {
  readonly tournamentId: string
  readonly hotkey: string
  readonly day: number
  readonly network: string
  readonly window_days: number
  /** What the route tells: patterns or scores. */
  readonly imageType: ImageType
}

async function findShownRun(
  deps: ApiDeps,
  wanted: WantedRun,
  signal: AbortSignal,
): Promise<{ minerDatabase: TournamentParticipant['minerDatabaseName']; runId: BenchmarkRun['runId'] }> {
  const { repositories } = deps
  const { day, hotkey, imageType, network, tournamentId, window_days: windowDays } = wanted
  const tournament = await getTournament(repositories, tournamentId, signal)
  if (tournament.imageType !== imageType) {
    throw new RequestRefusal({
      status: 422,
      code: 'WRONG_IMAGE_TYPE',
      message: `the tournament is of type ${tournament.imageType}, which has none of these`,
      hint: imageType === 'ml' ? 'ask for patterns or planted' : 'ask for scores',
    })
  }
  await requireShownWorld(deps, tournament, signal)
  const [{ minerDatabaseName }, { runId }] = await Promise.all([
    getParticipant(repositories, { tournamentId, hotkey }, signal),
    getRun(repositories, tournament, { hotkey, day, network, windowDays }, signal),
  ])
  return { minerDatabase: minerDatabaseName, runId }
}

/** A query's page as repositories take it. */
export function pageOf({ cursor, limit }: Readonly<{ limit: number; cursor?: string | undefined }>): {
  limit: number
  cursor: string | null
} {
  return { limit, cursor: cursor ?? null }
}
