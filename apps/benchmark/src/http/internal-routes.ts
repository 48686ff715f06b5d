import {
  hotkeySchema,
  instantSchema,
  participantStatuses,
  participantTypes,
  type TournamentParticipant,
  uuidSchema,
} from '@subnetkit/core'
import { clientGone, type HttpServer, pageReplySchema } from '@subnetkit/core/http'
import { checkHotkey } from '@subnetkit/core/ss58'
import { z } from 'zod'

import { getParticipant, getTournament } from '../published/tournament-lookup.ts'
import type { ApiDeps } from './api-deps.ts'
import { participantParams } from './participant-routes.ts'
import { toRequestRefusal } from './registration.ts'
import { requireApiKey } from './require-api-key.ts'
import {
  submissionFilter,
  submissionMessage,
  submissionMessageSchema,
  submissionQuery,
} from './submission-routes.ts'
import { tournamentParams } from './tournament-routes.ts'

const registeredSchema = z.strictObject({
  tournament_id: uuidSchema,
  hotkey: hotkeySchema,
  registration_order: z.int(),
  status: z.enum(participantStatuses),
  registered_at: instantSchema,
})
const participantSchema = registeredSchema.extend({
  participant_type: z.enum(participantTypes),
  repository: z.string(),
  commit: z.string(),
  miner_database_name: z.string(),
  is_disqualified: z.boolean(),
  reason: z.string().nullable(),
})

/** Registration, and what only the operator may see. */
export async function addInternalRoutes(server: HttpServer, deps: ApiDeps): Promise<void> {
  await server.register(async (scope) => {
    requireApiKey(scope.withTypeProvider(), deps.apiKey)
    addRegistrationRoutes(scope, deps)
    addOperatorRoutes(scope, deps)
  })
}

function addRegistrationRoutes(scope: HttpServer, { registration }: ApiDeps): void {
  scope.post(
    '/api/internal/tournaments/:tournamentId/register',
    {
      schema: {
        summary: 'Registers a miner with the commit of its active submission; needs x-api-key',
        description:
          'Refused with 403 NOT_REGISTRATION_PERIOD or MINER_NOT_ACTIVE, 404 TOURNAMENT_NOT_FOUND or MINER_NOT_FOUND, 409 ALREADY_REGISTERED, 422 MAX_PARTICIPANTS.',
        params: tournamentParams,
        body: z.strictObject({ hotkey: hotkeySchema }),
        response: { 201: registeredSchema },
      },
    },
    async ({ body: { hotkey }, params: { tournamentId } }, reply) => {
      checkHotkey('body.hotkey', hotkey)
      const signal = clientGone(reply)
      const participant = await refusing(() => registration.register({ tournamentId, hotkey, signal }))
      return await reply.code(201).send(registeredReply(participant))
    },
  )

  scope.delete(
    '/api/internal/tournaments/:tournamentId/participants/:hotkey',
    {
      schema: {
        summary: 'Withdraws a miner while registration is open; its place is free again; needs x-api-key',
        params: participantParams,
        response: { 204: z.null().describe('it takes no part any more') },
      },
    },
    async ({ params: { hotkey, tournamentId } }, reply) => {
      checkHotkey('params.hotkey', hotkey)
      const signal = clientGone(reply)
      await refusing(() => registration.withdraw({ tournamentId, hotkey, signal }))
      return await reply.code(204).send(null)
    },
  )
}

function addOperatorRoutes(scope: HttpServer, { repositories }: ApiDeps): void {
  scope.get(
    '/api/internal/tournaments/:tournamentId/participants/:hotkey',
    {
      schema: {
        summary: 'A participant with repository, commit and output database; needs x-api-key',
        params: participantParams,
        response: { 200: participantSchema },
      },
    },
    async ({ params: { hotkey, tournamentId }, signal }) => {
      await getTournament(repositories, tournamentId, signal)
      const participant = await getParticipant(repositories, { tournamentId, hotkey }, signal)
      return {
        ...registeredReply(participant),
        participant_type: participant.participantType,
        repository: participant.repository,
        commit: participant.commit,
        miner_database_name: participant.minerDatabaseName,
        is_disqualified: participant.status === 'disqualified',
        reason: participant.reason,
      }
    },
  )

  scope.get(
    '/api/internal/submissions',
    {
      schema: {
        summary: 'Submissions with repository and commit; needs x-api-key',
        querystring: submissionQuery,
        response: {
          200: pageReplySchema(
            submissionMessageSchema.extend({ repository: z.string(), commit: z.string() }),
          ),
        },
      },
    },
    async ({ query, signal }) => {
      const page = await repositories.submissions.list(submissionFilter(query), { signal })
      return {
        items: page.items.map((submission) => ({
          ...submissionMessage(submission),
          repository: submission.repository,
          commit: submission.commit,
        })),
        nextCursor: page.nextCursor,
      }
    },
  )
}

function registeredReply(participant: TournamentParticipant): z.input<typeof registeredSchema> {
  return {
    tournament_id: participant.tournamentId,
    hotkey: participant.hotkey,
    registration_order: participant.registrationOrder,
    status: participant.status,
    registered_at: participant.registeredAt,
  }
}

async function refusing<T>(decide: () => Promise<T>): Promise<T> {
  try {
    return await decide()
  } catch (error) {
    throw toRequestRefusal(error)
  }
}
