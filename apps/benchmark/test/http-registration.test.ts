import { type JsonValue, StorageError, type Tournament } from '@subnetkit/core'
import { buildSubmission, buildTournament } from '@subnetkit/core/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { hotkeyOf } from './fixtures/contest-content.ts'
import { apiKey, type ServedContest, serveContest } from './fixtures/served-contest.ts'

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'
const applicants = isSoak ? 200 : 20
const places = 3

let served: ServedContest
let made = 0

beforeAll(async () => {
  served = await serveContest()
  for (let number = 1; number <= 4; number += 1) await enter(number)
})
afterAll(async () => {
  await served[Symbol.asyncDispose]()
})

async function enter(number: number, change: Parameters<typeof buildSubmission>[0] = {}): Promise<void> {
  await served.store.repositories.submissions.put({
    submission: buildSubmission({ hotkey: hotkeyOf(number), ...change }),
  })
}

async function open(change: Partial<Tournament> = {}): Promise<string> {
  made += 1
  const tournament = buildTournament({ name: `Registration ${made}`, maxParticipants: places, ...change })
  await served.store.repositories.tournaments.put({ tournament })
  return tournament.tournamentId
}

const base = (tournamentId: string): string => `/api/internal/tournaments/${tournamentId}`

async function register(tournamentId: string, hotkey: string, address?: string) {
  return await served.askOperator(`${base(tournamentId)}/register`, 'POST', { hotkey }, address)
}

const refusal = (status: number, code: string) => ({
  status,
  body: { error: expect.objectContaining({ code }) },
})

describe('registration', () => {
  it('registers a miner with the commit of its submission, shows it, and lets it go and come back', async () => {
    const tournamentId = await open()
    const hotkey = hotkeyOf(1)
    expect(await register(tournamentId, hotkey)).toMatchObject({
      status: 201,
      body: {
        tournament_id: tournamentId,
        hotkey,
        registration_order: 1,
        status: 'registered',
        registered_at: expect.stringMatching(/Z$/),
      },
    })
    expect(await register(tournamentId, hotkey)).toMatchObject(refusal(409, 'ALREADY_REGISTERED'))
    const participant = `${base(tournamentId)}/participants/${hotkey}`
    expect(await served.askOperator(participant)).toMatchObject({
      status: 200,
      body: {
        participant_type: 'miner',
        repository: buildSubmission().repository,
        commit: buildSubmission().commit,
        miner_database_name: `benchmark_analytics_${hotkey}`,
        is_disqualified: false,
        reason: null,
      },
    })
    expect(await served.askOperator(participant, 'DELETE')).toMatchObject({ status: 204, text: '' })
    expect(await served.askOperator(participant)).toMatchObject({ body: { status: 'withdrawn' } })
    expect(await register(tournamentId, hotkey)).toMatchObject({
      status: 201,
      body: { registration_order: 2 },
    })
  })

  it.each(['draft', 'in_progress', 'scoring', 'completed', 'cancelled'] as const)(
    'is closed in a tournament that is %s',
    async (status) => {
      const tournamentId = await open({ status })
      const hotkey = hotkeyOf(1)
      expect(await register(tournamentId, hotkey)).toMatchObject(refusal(403, 'NOT_REGISTRATION_PERIOD'))
      expect(
        await served.askOperator(`${base(tournamentId)}/participants/${hotkey}`, 'DELETE'),
      ).toMatchObject(refusal(403, 'NOT_REGISTRATION_PERIOD'))
    },
  )

  it('says what is missing: the tournament, the submission, the participant', async () => {
    const nowhere = '00000000-0000-8000-8000-00000000abcd'
    const tournamentId = await open()
    const participant = (id: string, number: number): string => `${base(id)}/participants/${hotkeyOf(number)}`
    expect(await register(nowhere, hotkeyOf(1))).toMatchObject(refusal(404, 'TOURNAMENT_NOT_FOUND'))
    expect(await served.askOperator(participant(nowhere, 1))).toMatchObject(
      refusal(404, 'TOURNAMENT_NOT_FOUND'),
    )
    expect(await served.askOperator(participant(nowhere, 1), 'DELETE')).toMatchObject(
      refusal(404, 'TOURNAMENT_NOT_FOUND'),
    )
    expect(await register(tournamentId, hotkeyOf(99))).toMatchObject(refusal(404, 'MINER_NOT_FOUND'))
    expect(await served.askOperator(participant(tournamentId, 99))).toMatchObject(
      refusal(404, 'MINER_NOT_FOUND'),
    )
    expect(await served.askOperator(participant(tournamentId, 99), 'DELETE')).toMatchObject(
      refusal(404, 'NOT_REGISTERED'),
    )
    await enter(50, { imageType: 'ml' })
    expect(await register(tournamentId, hotkeyOf(50))).toMatchObject(refusal(404, 'MINER_NOT_FOUND'))
    await enter(51, { status: 'failed', validationError: 'scan: it downloads at run time' })
    expect(await register(tournamentId, hotkeyOf(51))).toMatchObject({
      status: 403,
      body: {
        error: { code: 'MINER_NOT_ACTIVE', message: expect.stringContaining('downloads at run time') },
      },
    })
  })

  it('has no place left when all are taken, and one again after a withdrawal', async () => {
    const tournamentId = await open({ maxParticipants: 1 })
    expect(await register(tournamentId, hotkeyOf(1))).toMatchObject({ status: 201 })
    expect(await register(tournamentId, hotkeyOf(2))).toMatchObject(refusal(422, 'MAX_PARTICIPANTS'))
    await served.askOperator(`${base(tournamentId)}/participants/${hotkeyOf(1)}`, 'DELETE')
    expect(await register(tournamentId, hotkeyOf(2))).toMatchObject({ status: 201 })
  })

  it(`gives ${places} places to ${applicants} who ask two servers at once, each an order of its own`, async () => {
    const tournamentId = await open()
    const second = await served.serve()
    const numbers = Array.from({ length: applicants }, (_, at) => 100 + at)
    await Promise.all(numbers.map((number) => enter(number)))
    const replies = await Promise.all(
      numbers.map(async (number) =>
        register(tournamentId, hotkeyOf(number), number % 2 === 0 ? second : served.address),
      ),
    )
    const winners = replies.filter(({ status }) => status === 201)
    expect(winners).toHaveLength(places)
    expect(winners.map(({ text }) => /"registration_order":(\d+)/.exec(text)?.[1]).toSorted()).toEqual([
      '1',
      '2',
      '3',
    ])
    for (const reply of replies.filter(({ status }) => status !== 201)) {
      expect(reply).toMatchObject(refusal(422, 'MAX_PARTICIPANTS'))
    }
    expect(await served.ask(`/api/v1/tournaments/${tournamentId}`)).toMatchObject({
      body: { participants: { total: places } },
    })
  })

  it('lets the same miner in once, however often it asks at once', async () => {
    const tournamentId = await open()
    const replies = await Promise.all(Array.from({ length: 8 }, () => register(tournamentId, hotkeyOf(1))))
    expect(replies.map(({ status }) => status).toSorted()).toEqual([
      201,
      ...Array.from({ length: 7 }, () => 409),
    ])
  })
})

describe('who may register', () => {
  const doors: readonly (readonly [method: string, rest: string, body?: JsonValue])[] = [
    ['POST', '/register', { hotkey: hotkeyOf(1) }],
    ['GET', `/participants/${hotkeyOf(1)}`],
    ['DELETE', `/participants/${hotkeyOf(1)}`],
  ]
  const knock = async (
    tournamentId: string,
    [method, rest, body]: (typeof doors)[number],
    key: Record<string, string>,
    address?: string,
  ) =>
    await served.ask(
      `${base(tournamentId)}${rest}`,
      {
        method,
        headers: { ...key, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      },
      address,
    )

  it.each([
    ['no key', {}],
    ['an empty key', { 'x-api-key': '' }],
    ['a key that is nearly right', { 'x-api-key': apiKey.slice(0, -1) }],
    ['a longer key', { 'x-api-key': `${apiKey}x` }],
    ['the key in another case', { 'x-api-key': apiKey.toUpperCase() }],
    ['the key somewhere else', { authorization: `Bearer ${apiKey}` }],
  ])('is nobody with %s', async (_name, key) => {
    const tournamentId = await open()
    for (const door of doors) {
      expect(await knock(tournamentId, door, key)).toMatchObject(refusal(401, 'UNAUTHORIZED'))
    }
    expect(await served.ask('/api/internal/submissions', { headers: key })).toMatchObject(
      refusal(401, 'UNAUTHORIZED'),
    )
  })

  it('is nobody at all where no key was set, also not who knows another server’s', async () => {
    const closed = await served.serve({ apiKey: null })
    const tournamentId = await open()
    for (const door of doors) {
      expect(await knock(tournamentId, door, { 'x-api-key': apiKey }, closed)).toMatchObject({
        status: 503,
        body: {
          error: { code: 'REGISTRATION_CLOSED', hint: expect.stringContaining('REGISTRATION_API_KEY') },
        },
      })
    }
    expect((await served.ask('/api/v1/tournaments', {}, closed)).status).toBe(200)
  })

  it('sees where submissions’ code lies', async () => {
    expect(await served.askOperator('/api/internal/submissions?limit=1')).toMatchObject({
      status: 200,
      body: { items: [{ repository: buildSubmission().repository, commit: buildSubmission().commit }] },
    })
  })
})

describe('what is given wrongly', () => {
  it.each([
    [{}, 'body.hotkey'],
    [{ hotkey: 'nobody' }, 'no SS58 address'],
    [{ hotkey: 'baseline' }, 'no SS58 address'],
    [{ hotkey: `${hotkeyOf(1).slice(0, -1)}1` }, 'no SS58 address'],
    [{ hotkey: 5 }, 'body.hotkey'],
    [{ hotkey: hotkeyOf(1), commit: 'HEAD' }, 'body.commit'],
    [[], 'body'],
  ])('%j is refused with 422', async (body, says) => {
    const tournamentId = await open()
    const reply = await served.askOperator(`${base(tournamentId)}/register`, 'POST', body)
    expect({ status: reply.status, text: reply.text }).toEqual({
      status: 422,
      text: expect.stringContaining(says),
    })
  })

  it('is refused before it is read without a key, and when it is too large or no JSON', async () => {
    const url = `${base(await open())}/register`
    const headers = { 'content-type': 'application/json' }
    const keyed = { ...headers, 'x-api-key': apiKey }
    const send = async (body: string, given: Record<string, string>) =>
      await served.ask(url, { method: 'POST', headers: given, body })
    expect(await send('{"hotkey"', headers)).toMatchObject(refusal(401, 'UNAUTHORIZED'))
    expect(await send('{"hotkey"', keyed)).toMatchObject(refusal(400, 'bad_request'))
    expect(await send(`"${'x'.repeat(20_000)}"`, keyed)).toMatchObject(refusal(413, 'too_large'))
    expect(await served.askOperator('/api/internal/tournaments/week-6/register', 'POST', {})).toMatchObject({
      status: 422,
    })
    expect(await served.askOperator(`${base(await open())}/participants/baseline`, 'DELETE')).toMatchObject({
      status: 422,
    })
  })

  it('is told apart from a lock or a store that fails', async () => {
    const failing = async (): Promise<never> => {
      throw new StorageError({ code: 'locked', message: 'secret folder /x is held by process 7' })
    }
    const address = await served.serve({ registration: { register: failing, withdraw: failing } })
    const reply = await register(await open(), hotkeyOf(1), address)
    expect(reply).toMatchObject(refusal(503, 'unavailable'))
    expect(reply.text).not.toContain('secret')
  })
})
