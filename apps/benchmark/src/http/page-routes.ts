import { hotkeySchema, imageTypeSchema, parseInput, type ParseInputOptions } from '@subnetkit/core'
import { type HttpServer, toErrorReply } from '@subnetkit/core/http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'

import { dayPage } from '../page/day-page.ts'
import { failurePage } from '../page/failure-page.ts'
import { minerPage } from '../page/miner-page.ts'
import { benchmarkIcon, pagePolicy } from '../page/page-document.ts'
import { participantPage } from '../page/participant-page.ts'
import { rankingsPage } from '../page/rankings-page.ts'
import { runPage } from '../page/run-page.ts'
import { tournamentPage } from '../page/tournament-page.ts'
import { tournamentsPage } from '../page/tournaments-page.ts'
import { readMinerRecord } from '../published/miner-record.ts'
import { readParticipantHistory } from '../published/participant-history.ts'
import { readRankings } from '../published/rankings.ts'
import { readRunStory } from '../published/run-story.ts'
import { readTournamentDay } from '../published/tournament-day.ts'
import { getTournament, listParticipants, listResults, listRuns } from '../published/tournament-lookup.ts'
import { isWorldShown } from '../published/world-secrecy.ts'
import type { ApiDeps } from './api-deps.ts'
import { dayParam } from './day-routes.ts'
import { offsetQueryShape, readAtOffset } from './offset-paging.ts'
import { participantParams } from './participant-routes.ts'
import { runQueryShape } from './run-output-routes.ts'
import { tournamentParams } from './tournament-routes.ts'

const SHOWN = 50
const offsetQuery = z.object({ offset: offsetQueryShape.offset })
const inPath: ParseInputOptions = { subject: 'path', fieldName: (path) => path.map(String).join('.') }
const inQuery: ParseInputOptions = {
  subject: 'query',
  fieldName: (path) => ['query', ...path.map(String)].join('.'),
}

type Show = (request: FastifyRequest, reply: FastifyReply) => Promise<string>

/** The pages for people: the same as the API tells, and under the same rules of what is a secret. */
export function addPageRoutes(server: HttpServer, deps: ApiDeps): void {
  const { repositories } = deps
  const page = (path: string, show: Show): void => {
    server.get(path, { schema: { hide: true } }, async (request, reply) => await answer(request, reply, show))
  }

  page('/', async ({ query, signal }) => {
    const { offset } = parseInput(offsetQuery, query, inQuery)
    const { tournamentParticipants, tournaments } = repositories
    const [total, items] = await Promise.all([
      tournaments.count({}, { signal }),
      readAtOffset({ limit: SHOWN, offset }, (part) => tournaments.list(part, { signal })),
    ])
    const tournamentIds = items.map(({ tournamentId }) => tournamentId)
    const miners = await tournamentParticipants.countMiners({ tournamentIds }, { signal })
    return tournamentsPage({ tournaments: items, miners, total, offset, limit: SHOWN })
  })

  page('/rankings', async ({ query, signal }) => {
    const asked = parseInput(
      offsetQuery.extend({ image_type: imageTypeSchema.default('analytics') }),
      query,
      inQuery,
    )
    const { image_type: imageType, offset } = asked
    const scores = await readRankings(repositories, imageType, signal)
    const shown = scores.slice(offset, offset + SHOWN)
    return rankingsPage({ imageType, scores: shown, total: scores.length, offset, limit: SHOWN })
  })

  addTournamentPages(page, deps)

  server.get('/miners', { schema: { hide: true } }, async (request, reply) =>
    answer(request, reply, async ({ query }) => {
      const { hotkey } = parseInput(
        z.object({ hotkey: z.string().trim().pipe(hotkeySchema) }),
        query,
        inQuery,
      )
      await reply.redirect(`/miners/${hotkey}`, 302)
      return ''
    }),
  )
  page('/miners/:hotkey', async ({ params, signal }) => {
    const { hotkey } = parseInput(z.object({ hotkey: hotkeySchema }), params, inPath)
    return minerPage(await readMinerRecord(repositories, hotkey, signal))
  })

  server.get('/icon.svg', { schema: { hide: true } }, async (_request, reply) =>
    reply.header('cache-control', 'max-age=86400').type('image/svg+xml').send(benchmarkIcon),
  )
}

function addTournamentPages(page: (path: string, show: Show) => void, deps: ApiDeps): void {
  const { repositories } = deps
  page('/tournaments/:tournamentId', async ({ params, signal }) => {
    const { tournamentId } = parseInput(tournamentParams, params, inPath)
    const tournament = await getTournament(repositories, tournamentId, signal)
    const { baselineId } = tournament
    const [participants, results, runs, isShown, baseline] = await Promise.all([
      listParticipants(repositories, tournamentId, signal),
      listResults(repositories, tournamentId, signal),
      listRuns(repositories, tournament, {}, signal),
      isWorldShown(deps, tournament, signal),
      baselineId === null ? null : repositories.baselines.find({ baselineId }, { signal }),
    ])
    const baselineVersion = baseline?.version ?? null
    return tournamentPage({ tournament, participants, results, runs, isShown, baselineVersion })
  })

  page('/tournaments/:tournamentId/days/:day', async ({ params, signal }) => {
    const { day, tournamentId } = parseInput(tournamentParams.extend({ day: dayParam }), params, inPath)
    const tournament = await getTournament(repositories, tournamentId, signal)
    return dayPage(await readTournamentDay(repositories, tournament, day, signal))
  })

  page('/tournaments/:tournamentId/participants/:hotkey', async ({ params, signal }) => {
    const { hotkey, tournamentId } = parseInput(participantParams, params, inPath)
    const tournament = await getTournament(repositories, tournamentId, signal)
    return participantPage(await readParticipantHistory(repositories, tournament, hotkey, signal))
  })

  page('/tournaments/:tournamentId/participants/:hotkey/days/:day', async ({ params, query, signal }) => {
    const where = parseInput(participantParams.extend({ day: dayParam }), params, inPath)
    const { network, window_days: windowDays } = parseInput(z.object(runQueryShape), query, inQuery)
    const tournament = await getTournament(repositories, where.tournamentId, signal)
    const place = { hotkey: where.hotkey, day: where.day, network, windowDays }
    return runPage(await readRunStory(deps, tournament, place, signal))
  })
}

/** Sends a page, or the failure as one; nothing when `show` has sent something by itself, as a redirect does. */
async function answer(request: FastifyRequest, reply: FastifyReply, show: Show): Promise<FastifyReply> {
  reply.headers({
    'content-security-policy': pagePolicy,
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  })
  let text: string
  try {
    text = await show(request, reply)
  } catch (error) {
    const failure = toErrorReply(error)
    if (failure.status === 503) reply.header('retry-after', '5')
    else if (failure.status >= 500) request.log.error({ err: error, url: request.url }, 'a page failed')
    reply.code(failure.status)
    text = failurePage(failure)
  }
  return reply.sent ? reply : reply.type('text/html; charset=utf-8').send(text)
}
