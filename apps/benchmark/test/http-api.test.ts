import { type JsonValue, tournamentStatuses } from '@subnetkit/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { fillContest, fillRegistry, hotkeyOf, type StoredContest } from './fixtures/contest-content.ts'
import { type ServedContest, serveContest } from './fixtures/served-contest.ts'

let served: ServedContest
let over: StoredContest
let running: StoredContest
let scoring: StoredContest
let fresh: StoredContest

beforeAll(async () => {
  served = await serveContest()
  const { repositories } = served.store
  const completedAt = new Date('2026-02-06T00:00:00.000Z')
  const won = { winnerHotkey: hotkeyOf(1), isBaselineBeaten: true, completedAt }
  const change = { status: 'completed' as const, ...won }
  over = await fillContest({ repositories, name: 'Over', change, isScored: true })
  const started = { status: 'in_progress' as const, competitionStart: over.tournament.competitionStart }
  running = await fillContest({ repositories, name: 'Running', change: started, days: 1 })
  const ml = { status: 'completed' as const, imageType: 'ml' as const }
  scoring = await fillContest({ repositories, name: 'Scores', change: ml, isScored: true })
  fresh = await fillContest({ repositories, name: 'Fresh', change: { currentDay: 0 }, days: 0 })
  await fillRegistry(repositories)
}, 120_000)
afterAll(async () => {
  await served[Symbol.asyncDispose]()
})

const path = ({ tournament }: StoredContest): string => `/api/v1/tournaments/${tournament.tournamentId}`
const world = 'network=torus&window_days=30'
const nowhere = '/api/v1/tournaments/00000000-0000-8000-8000-00000000abcd'

async function get(url: string): Promise<JsonValue> {
  const { body, status, text } = await served.ask(url)
  expect({ url, status, text: status === 200 ? '' : text }).toEqual({ url, status: 200, text: '' })
  return body
}

describe('tournaments over HTTP', () => {
  it('are listed with their miners, by type and status, page by page', async () => {
    const all = await get('/api/v1/tournaments')
    expect(all).toMatchObject({
      tournaments: expect.arrayContaining([
        expect.objectContaining({
          tournament_id: over.tournament.tournamentId,
          name: 'Over',
          status: 'completed',
          image_type: 'analytics',
          competition_start: '2026-02-03',
          participant_count: 4,
          winner: { hotkey: hotkeyOf(1), beat_baseline: true },
          completed_at: '2026-02-06T00:00:00.000Z',
        }),
        expect.objectContaining({ name: 'Running', winner: null, completed_at: null, participant_count: 4 }),
      ]),
      pagination: { total: 4, limit: 20, offset: 0, has_more: false },
    })
    expect(await get('/api/v1/tournaments?image_type=ml')).toMatchObject({
      tournaments: [{ name: 'Scores' }],
      pagination: { total: 1 },
    })
    expect(await get('/api/v1/tournaments?status=in_progress')).toMatchObject({
      tournaments: [{ name: 'Running' }],
    })
    const pages = await Promise.all(
      [0, 1, 2, 3].map((offset) => get(`/api/v1/tournaments?limit=1&offset=${offset}`)),
    )
    expect(pages.map((page) => JSON.stringify(page).includes('"has_more":true'))).toEqual([
      true,
      true,
      true,
      false,
    ])
    const names = pages.map((page) => /"name":"(\w+)"/.exec(JSON.stringify(page))?.[1])
    expect(names.toSorted()).toEqual(['Fresh', 'Over', 'Running', 'Scores'])
    expect(await get('/api/v1/tournaments?offset=4')).toMatchObject({ tournaments: [] })
  })

  it('have details, with the seed only at the end and its hash from the start', async () => {
    expect(await get(path(over))).toMatchObject({
      schedule: { competition_start: '2026-02-03', competition_end: '2026-02-04' },
      configuration: { epoch_days: 2, test_networks: ['torus', 'bittensor'], test_window_days: [30, 90] },
      dataset_seed: over.tournament.datasetSeed,
      seed_sha256: over.tournament.seedSha256,
      baseline: { hotkey: 'baseline', version: expect.stringMatching(/^v1\./), source_tournament_id: null },
      participants: { total: 5, active: 4, disqualified: 1 },
      results: { winner_hotkey: hotkeyOf(1), baseline_beaten: true, current_day: 2, days_completed: 2 },
    })
    expect(await get(path(running))).toMatchObject({
      dataset_seed: null,
      seed_sha256: running.tournament.seedSha256,
      results: { current_day: 1, days_completed: 0 },
    })
  })

  it('have a leaderboard by rank with scores and reasons, empty until it was scored', async () => {
    expect(await get(`${path(over)}/leaderboard`)).toMatchObject({
      status: 'completed',
      leaderboard: [
        {
          rank: 1,
          hotkey: hotkeyOf(1),
          participant_type: 'miner',
          is_winner: true,
          is_disqualified: false,
          disqualification_reason: null,
          scores: {
            final_score: 0.86,
            pattern_accuracy_score: 0.8,
            data_correctness_score: 1,
            performance_score: 0.8,
          },
          stats: { beat_baseline: true, miners_beaten: 4, baseline_comparison_ratio: 1.5 },
        },
        { rank: 2, hotkey: 'baseline', participant_type: 'baseline', is_winner: false },
        { rank: 3, scores: { data_correctness_score: 0.75 } },
        { rank: 4, is_disqualified: true, scores: { final_score: 0, pattern_accuracy_score: null } },
        { rank: 5, is_disqualified: true, disqualified_on_day: 1, status: 'disqualified' },
      ],
    })
    expect(await get(`${path(running)}/leaderboard`)).toMatchObject({
      leaderboard: [],
      status: 'in_progress',
    })
  })

  it('tell a day in counts, with each network and window by itself and beside the baseline', async () => {
    expect(await get(`${path(running)}/days/1`)).toMatchObject({
      day_number: 1,
      test_date: '2026-02-03',
      dataset: {
        networks_tested: ['torus', 'bittensor'].toSorted(),
        window_days_tested: [30, 90],
        total_runs: 20,
      },
      runs: [
        {
          run_order: 0,
          hotkey: 'baseline',
          status: 'completed',
          network_runs: [{ baseline_comparison: null }, {}, {}, {}],
        },
        {
          hotkey: hotkeyOf(1),
          status: 'completed',
          network_runs: [
            {
              network: 'bittensor',
              window_days: 30,
              status: 'completed',
              synthetic_patterns: { expected: 32, found: 28, recall: 0.875, reported: 31 },
              data_validation: { bad_data: 0, fabricated: 0, data_correctness_passed: true },
              performance: { execution_time_seconds: 2.5, container_exit_code: 0 },
              baseline_comparison: {
                synthetic_recall_vs_baseline: 1.75,
                execution_time_vs_baseline: 2_500 / 1_800,
              },
              disqualification: null,
            },
            { network: 'bittensor', window_days: 90 },
            { network: 'torus', window_days: 30 },
            { network: 'torus', window_days: 90 },
          ],
        },
        {
          hotkey: hotkeyOf(2),
          network_runs: [{ data_validation: { bad_data: 2, data_correctness_passed: false } }, {}, {}, {}],
        },
        {
          hotkey: hotkeyOf(3),
          status: 'failed',
          network_runs: [
            { status: 'timeout', accuracy: 0, synthetic_patterns: null, data_validation: null },
            {},
            {},
            {},
          ],
        },
        {
          hotkey: hotkeyOf(4),
          status: 'disqualified',
          network_runs: [{ accuracy: 0, disqualification: { is_disqualified: true } }, {}, {}, {}],
        },
      ],
    })
    expect(await get(`${path(running)}/days/2`)).toMatchObject({ runs: [], dataset: { total_runs: 0 } })
  })

  it('tell a participant’s way, where windows and networks do not overwrite each other', async () => {
    const history = await get(`${path(over)}/participants/${hotkeyOf(1)}`)
    expect(history).toMatchObject({
      participant_type: 'miner',
      registration: { registration_order: 1, repository: expect.stringMatching(/^https:/) },
      status: { current_status: 'active', is_disqualified: false, reason: null },
      result: { rank: 1, is_winner: true, final_score: 0.86, beat_baseline: true, miners_beaten: 4 },
      daily_performance: [
        { day_number: 1, runs_expected: 4, runs: { length: 4 } },
        { day_number: 2, test_date: '2026-02-04', runs: { length: 4 } },
      ],
    })
    expect(JSON.stringify(history).match(/"window_days":90/g)).toHaveLength(4)
    expect(await get(`${path(over)}/participants/${hotkeyOf(3)}`)).toMatchObject({
      daily_performance: [{ day_score: 0 }, { day_score: 0 }],
    })
    expect(await get(`${path(fresh)}/participants/${hotkeyOf(1)}`)).toMatchObject({
      registration: { repository: null, commit: null },
      result: null,
      daily_performance: [],
    })
  })

  it('give reports, planted patterns and scores of a run once they are completed, page by page', async () => {
    const run = `${path(over)}/participants/${hotkeyOf(2)}/days/2`
    expect(await get(`${run}/patterns?${world}`)).toMatchObject({
      items: {
        length: 11,
        0: { row_number: 1, verdict: 'found', is_accepted: true, planted_pattern: 'cycle-Over-00001' },
        10: { verdict: 'unknown_type', planted_pattern: null },
      },
      nextCursor: null,
    })
    const first = await get(`${run}/planted?${world}&limit=20`)
    expect(first).toMatchObject({ items: { length: 20 }, nextCursor: expect.any(String) })
    const cursor = /"nextCursor":"([^"]+)"/.exec(JSON.stringify(first))?.[1] ?? ''
    expect(await get(`${run}/planted?${world}&cursor=${encodeURIComponent(cursor)}`)).toMatchObject({
      items: { length: 12 },
      nextCursor: null,
    })
    const scores = `${path(scoring)}/participants/${hotkeyOf(1)}/days/1/scores?${world}`
    expect(await get(scores)).toMatchObject({ items: [{ address: '5ScoredScores', risk_score: 0.75 }] })
    expect(await served.ask(`${run}/scores?${world}`)).toMatchObject({
      status: 422,
      body: { error: { code: 'WRONG_IMAGE_TYPE' } },
    })
  })

  it('give all runs of a miner, submissions without their code, and the ranking', async () => {
    const runs = await get(`/api/v1/miners/${hotkeyOf(1)}/runs?limit=5`)
    expect(runs).toMatchObject({
      items: { length: 5, 0: { epoch_id: expect.any(String) } },
      nextCursor: expect.any(String),
    })
    expect(await get(`/api/v1/miners/${hotkeyOf(1)}/runs?image_type=ml`)).toMatchObject({
      items: { length: 8, 0: { risk_scores: { auc_roc: 0.875 }, synthetic_patterns: null } },
    })
    expect(await get('/api/v1/miners/5Nobody/runs')).toEqual({ items: [], nextCursor: null })
    const submissions = await get('/api/v1/submissions')
    expect(submissions).toMatchObject({ items: { length: 3 } })
    expect(JSON.stringify(submissions)).not.toMatch(/private-corner|commit/)
    expect(await get('/api/v1/submissions?status=failed')).toMatchObject({
      items: [{ hotkey: hotkeyOf(3), validation_error: expect.stringContaining('<script>') }],
    })
    expect(await get('/api/v1/rankings?limit=2&offset=1')).toMatchObject({
      image_type: 'analytics',
      rankings: [
        { rank: 2, hotkey: hotkeyOf(2), final_score: 0.7 },
        { rank: null, hotkey: hotkeyOf(3) },
      ],
      pagination: { total: 3, has_more: false },
    })
  })

  it('do not ask more questions the more tournaments there are', async () => {
    const { repositories } = served.store
    const asked: string[] = []
    const watched = <T extends object>(target: T, name: string): T =>
      new Proxy(target, {
        get: (object, member) => {
          asked.push(`${name}.${String(member)}`)
          return Reflect.get(object, member)
        },
      })
    const { tournamentParticipants, tournaments } = repositories
    const address = await served.serve({
      repositories: {
        ...repositories,
        tournaments: watched(tournaments, 'tournaments'),
        tournamentParticipants: watched(tournamentParticipants, 'participants'),
      },
    })
    expect((await served.ask('/api/v1/tournaments', {}, address)).status).toBe(200)
    expect(asked.toSorted()).toEqual(['participants.countMiners', 'tournaments.count', 'tournaments.list'])
  })
})

describe('what is asked wrongly', () => {
  it.each([
    ['/api/v1/tournaments?status=done', 422, tournamentStatuses.join('|')],
    ['/api/v1/tournaments?image_type=audio', 422, 'analytics'],
    ['/api/v1/tournaments?limit=0', 422, 'query.limit'],
    ['/api/v1/tournaments?limit=101', 422, 'query.limit'],
    ['/api/v1/tournaments?offset=-1', 422, 'query.offset'],
    ['/api/v1/tournaments?offset=10001', 422, 'query.offset'],
    ['/api/v1/tournaments?page=2', 422, 'query.page'],
    ['/api/v1/tournaments/week-6', 422, 'params.tournamentId'],
    [nowhere, 404, 'TOURNAMENT_NOT_FOUND'],
    [`${nowhere}/leaderboard`, 404, 'TOURNAMENT_NOT_FOUND'],
    [`${nowhere}/days/1`, 404, 'TOURNAMENT_NOT_FOUND'],
    [`${nowhere}/participants/baseline`, 404, 'TOURNAMENT_NOT_FOUND'],
    [`${nowhere}/participants/baseline/days/1/patterns?${world}`, 404, 'TOURNAMENT_NOT_FOUND'],
    ['/api/v1/miners/..%2Fx/runs', 422, 'params.hotkey'],
    [`/api/v1/miners/${'5'.repeat(65)}/runs`, 422, 'params.hotkey'],
    ['/api/v1/miners/5Nobody/runs?cursor=nonsense', 422, 'cursor'],
    ['/api/v1/submissions?status=good', 422, 'pending'],
    ['/api/v1/rankings?image_type=audio', 422, 'query.image_type'],
    ['/api/v1/nothing', 404, '/openapi.json'],
  ])('%s is refused with %d and says why', async (url, status, says) => {
    const reply = await served.ask(url)
    expect({ status: reply.status, text: reply.text.replaceAll(/\\?"/g, '').replaceAll(', ', '|') }).toEqual({
      status,
      text: expect.stringContaining(says),
    })
  })

  it.each([
    ['days/3', 404, 'DAY_NOT_FOUND'],
    ['days/0', 422, 'params.day'],
    ['days/one', 422, 'params.day'],
    ['participants/5Nobody', 404, 'MINER_NOT_FOUND'],
    [`participants/5Nobody/days/1/planted?${world}`, 404, 'MINER_NOT_FOUND'],
    [`participants/baseline/days/9/planted?${world}`, 404, 'DAY_NOT_FOUND'],
    ['participants/baseline/days/1/planted?network=torus&window_days=7', 404, 'bittensor 30'],
    ['participants/baseline/days/1/planted?network=torus', 422, 'query.window_days'],
    ['participants/baseline/days/1/planted?network=Torus&window_days=30', 422, 'query.network'],
  ])('…/%s is refused with %d and says why', async (rest, status, says) => {
    const reply = await served.ask(`${path(over)}/${rest}`)
    expect({ status: reply.status, text: reply.text }).toEqual({
      status,
      text: expect.stringContaining(says),
    })
  })
})

describe('the server itself', () => {
  it('describes every route in one OpenAPI document', async () => {
    const document = await get('/openapi.json')
    const paths = Object.keys(Object(document)['paths']).toSorted()
    const one = '/api/v1/tournaments/{tournamentId}'
    const internal = '/api/internal/tournaments/{tournamentId}'
    expect(paths).toEqual(
      [
        '/health',
        '/api/v1/tournaments',
        one,
        `${one}/leaderboard`,
        `${one}/days/{day}`,
        `${one}/participants/{hotkey}`,
        ...['patterns', 'planted', 'scores'].map((rows) => `${one}/participants/{hotkey}/days/{day}/${rows}`),
        '/api/v1/miners/{hotkey}/runs',
        '/api/v1/rankings',
        '/api/v1/submissions',
        `${internal}/register`,
        `${internal}/participants/{hotkey}`,
        '/api/internal/submissions',
      ].toSorted(),
    )
    expect(document).toMatchObject({
      openapi: '3.1.0',
      info: { title: 'SubnetKit benchmark', version: '1.2.3' },
    })
  })

  it('says how it is, counts, and lets no address ask without end', async () => {
    expect(await get('/health')).toMatchObject({ status: 'up', parts: { clickhouse: 'up' } })
    expect((await served.ask('/metrics')).status).toBe(200)
    const address = await served.serve({}, { requestsPerMinute: 3 })
    const statuses = await Promise.all(
      Array.from({ length: 5 }, async () => (await served.ask('/api/v1/rankings', {}, address)).status),
    )
    expect(statuses.toSorted()).toEqual([200, 200, 200, 429, 429])
    expect((await served.ask('/api/v1/rankings')).headers.get('x-content-type-options')).toBe('nosniff')
  })
})
