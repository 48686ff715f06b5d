import {
  hotkeySchema,
  imageTypeSchema,
  instantSchema,
  networkSchema,
  sha256Schema,
  type Tournament,
  type TournamentParticipant,
  tournamentStatuses,
  utcDateSchema,
  uuidSchema,
  windowDaysSchema,
} from '@subnetkit/core'
import type { HttpServer } from '@subnetkit/core/http'
import { z } from 'zod'

import { getTournament, listParticipants } from '../published/tournament-lookup.ts'
import { isWorldShown } from '../published/world-secrecy.ts'
import type { ApiDeps } from './api-deps.ts'
import { offsetQueryShape, paginationOf, paginationSchema, readAtOffset } from './offset-paging.ts'

/** The path of one tournament. */
export const tournamentParams = z.strictObject({ tournamentId: uuidSchema })

const winnerSchema = z.strictObject({ hotkey: hotkeySchema, beat_baseline: z.boolean() })
const cancelReasonSchema = z.string().nullable().describe('why it was cancelled; null otherwise')
const itemSchema = z.strictObject({
  tournament_id: uuidSchema,
  name: z.string(),
  image_type: imageTypeSchema,
  status: z.enum(tournamentStatuses),
  competition_start: utcDateSchema,
  competition_end: utcDateSchema,
  participant_count: z.int().describe('miners who take part; the baseline and who withdrew left out'),
  winner: winnerSchema.nullable(),
  cancel_reason: cancelReasonSchema,
  created_at: instantSchema,
  completed_at: instantSchema.nullable(),
})
const listSchema = z.strictObject({
  tournaments: z.array(itemSchema).readonly(),
  pagination: paginationSchema,
})

const detailsSchema = z.strictObject({
  tournament_id: uuidSchema,
  name: z.string(),
  image_type: imageTypeSchema,
  status: z.enum(tournamentStatuses),
  cancel_reason: cancelReasonSchema,
  schedule: z.strictObject({
    registration_start: utcDateSchema,
    registration_end: utcDateSchema,
    competition_start: utcDateSchema,
    competition_end: utcDateSchema,
  }),
  configuration: z.strictObject({
    max_participants: z.int(),
    epoch_days: z.int(),
    test_networks: z.array(networkSchema),
    test_window_days: z.array(windowDaysSchema),
    dataset_transfers: z.int(),
    rule_set: z.string(),
    time_limit_ms: z.int(),
  }),
  seed_sha256: sha256Schema.describe('binds the seed of all worlds from the start'),
  dataset_seed: z.string().nullable().describe('null until the tournament is completed'),
  baseline: z
    .strictObject({
      baseline_id: uuidSchema,
      version: z.string().nullable(),
      hotkey: hotkeySchema,
      source_tournament_id: uuidSchema.nullable(),
    })
    .nullable(),
  participants: z.strictObject({ total: z.int(), active: z.int(), disqualified: z.int() }),
  results: z.strictObject({
    winner_hotkey: hotkeySchema.nullable(),
    baseline_beaten: z.boolean(),
    current_day: z.int(),
    days_completed: z.int(),
  }),
  created_at: instantSchema,
  completed_at: instantSchema.nullable(),
})

/** Which tournaments there are, and all that is public of one. */
export function addTournamentRoutes(server: HttpServer, deps: ApiDeps): void {
  const { repositories } = deps
  const { baselines, tournamentParticipants, tournaments } = repositories

  server.get(
    '/api/v1/tournaments',
    {
      schema: {
        summary: 'Tournaments, the latest start of competition first',
        querystring: z.strictObject({
          image_type: imageTypeSchema.optional(),
          status: z.enum(tournamentStatuses).optional(),
          ...offsetQueryShape,
        }),
        response: { 200: listSchema },
      },
    },
    async ({ query, signal }) => {
      const filter = {
        ...(query.image_type === undefined ? {} : { imageType: query.image_type }),
        ...(query.status === undefined ? {} : { statuses: [query.status] }),
      }
      const [total, items] = await Promise.all([
        tournaments.count(filter, { signal }),
        readAtOffset(query, (page) => tournaments.list({ ...filter, ...page }, { signal })),
      ])
      const tournamentIds = items.map(({ tournamentId }) => tournamentId)
      const miners = await tournamentParticipants.countMiners({ tournamentIds }, { signal })
      return {
        tournaments: items.map((one) => itemReply(one, miners.get(one.tournamentId) ?? 0)),
        pagination: paginationOf(query, total),
      }
    },
  )

  server.get(
    '/api/v1/tournaments/:tournamentId',
    {
      schema: {
        summary: 'One tournament; its seed is told once it is completed, the seed’s hash from the start',
        params: tournamentParams,
        response: { 200: detailsSchema },
      },
    },
    async ({ params: { tournamentId }, signal }) => {
      const tournament = await getTournament(repositories, tournamentId, signal)
      const { baselineId } = tournament
      const [participants, baseline, isShown] = await Promise.all([
        listParticipants(repositories, tournamentId, signal),
        baselineId === null ? null : baselines.find({ baselineId }, { signal }),
        isWorldShown(deps, tournament, signal),
      ])
      const entered = participants.find(({ participantType }) => participantType === 'baseline')
      return {
        ...detailsReply(tournament, participants),
        dataset_seed: isShown ? tournament.datasetSeed : null,
        baseline:
          baselineId === null
            ? null
            : {
                baseline_id: baselineId,
                version: baseline?.version ?? null,
                hotkey: entered?.hotkey ?? 'baseline',
                source_tournament_id: baseline?.originatedFromTournamentId ?? null,
              },
      }
    },
  )
}

function itemReply(tournament: Tournament, miners: number): z.input<typeof itemSchema> {
  const { winnerHotkey, isBaselineBeaten } = tournament
  return {
    tournament_id: tournament.tournamentId,
    name: tournament.name,
    image_type: tournament.imageType,
    status: tournament.status,
    competition_start: tournament.competitionStart,
    competition_end: tournament.competitionEnd,
    participant_count: miners,
    winner: winnerHotkey === null ? null : { hotkey: winnerHotkey, beat_baseline: isBaselineBeaten },
    cancel_reason: tournament.cancelReason,
    created_at: tournament.createdAt,
    completed_at: tournament.completedAt,
  }
}

function detailsReply(
  tournament: Tournament,
  participants: readonly TournamentParticipant[],
): Omit<z.input<typeof detailsSchema>, 'baseline' | 'dataset_seed'> {
  const isOver = tournament.status === 'scoring' || tournament.status === 'completed'
  const count = (...statuses: readonly TournamentParticipant['status'][]): number =>
    participants.filter(({ status }) => statuses.includes(status)).length
  return {
    tournament_id: tournament.tournamentId,
    name: tournament.name,
    image_type: tournament.imageType,
    status: tournament.status,
    cancel_reason: tournament.cancelReason,
    schedule: {
      registration_start: tournament.registrationStart,
      registration_end: tournament.registrationEnd,
      competition_start: tournament.competitionStart,
      competition_end: tournament.competitionEnd,
    },
    configuration: {
      max_participants: tournament.maxParticipants,
      epoch_days: tournament.epochDays,
      test_networks: tournament.testNetworks,
      test_window_days: tournament.testWindowDays,
      dataset_transfers: tournament.datasetTransfers,
      rule_set: tournament.ruleSet,
      time_limit_ms: tournament.timeLimitMs,
    },
    seed_sha256: tournament.seedSha256,
    participants: {
      total: participants.length,
      active: count('registered', 'active', 'completed'),
      disqualified: count('disqualified'),
    },
    results: {
      winner_hotkey: tournament.winnerHotkey,
      baseline_beaten: tournament.isBaselineBeaten,
      current_day: tournament.currentDay,
      // The current day counts only when it is over: the earlier answer counted it while it ran.
      days_completed: isOver ? tournament.currentDay : Math.max(0, tournament.currentDay - 1),
    },
    created_at: tournament.createdAt,
    completed_at: tournament.completedAt,
  }
}
