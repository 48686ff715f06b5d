import type { JsonValue } from '@subnetkit/core'
import { buildTournament } from '@subnetkit/core/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { fillContest, fillRegistry, hotkeyOf, type StoredContest } from './fixtures/contest-content.ts'
import { type ServedContest, serveContest } from './fixtures/served-contest.ts'

let served: ServedContest
let over: StoredContest
let running: StoredContest

beforeAll(async () => {
  served = await serveContest()
  const { repositories } = served.store
  over = await fillContest({ repositories, name: 'Over', change: { status: 'completed' }, isScored: true })
  running = await fillContest({ repositories, name: 'Running', change: { status: 'in_progress' }, days: 1 })
  await fillRegistry(repositories)
}, 120_000)
afterAll(async () => {
  await served[Symbol.asyncDispose]()
})

const path = ({ tournament }: StoredContest): string => `/api/v1/tournaments/${tournament.tournamentId}`
const world = 'network=torus&window_days=30'

async function get(url: string): Promise<JsonValue> {
  const { body, status, text } = await served.ask(url)
  expect({ url, status, text: status === 200 ? '' : text }).toEqual({ url, status: 200, text: '' })
  return body
}

describe('secrets', () => {
  /** Every route and page that has anything to do with a contest. */
  const doors = ({ tournament, participants }: StoredContest): string[] => {
    const api = `/api/v1/tournaments/${tournament.tournamentId}`
    const page = `/tournaments/${tournament.tournamentId}`
    const hotkeys = participants.slice(0, 5).map(({ hotkey }) => hotkey)
    return [
      '/',
      '/rankings',
      '/openapi.json',
      '/metrics',
      '/api/v1/tournaments',
      '/api/v1/rankings',
      '/api/v1/submissions',
      api,
      page,
      `${api}/leaderboard`,
      ...[1, 2].flatMap((day) => [`${api}/days/${day}`, `${page}/days/${day}`]),
      ...hotkeys.flatMap((hotkey) => [
        `/miners/${hotkey}`,
        `/api/v1/miners/${hotkey}/runs`,
        `${api}/participants/${hotkey}`,
        `${page}/participants/${hotkey}`,
        `${page}/participants/${hotkey}/days/1?${world}`,
        ...['patterns', 'planted'].map((rows) => `${api}/participants/${hotkey}/days/1/${rows}?${world}`),
      ]),
    ]
  }
  const leaks = async (contest: StoredContest, address = served.address): Promise<string[]> => {
    const found: string[] = []
    for (const door of doors(contest)) {
      const { text } = await served.ask(door, {}, address)
      for (const secret of contest.texts) if (text.includes(secret)) found.push(`${door}: ${secret}`)
    }
    return found
  }

  it('of a world are told by no route and no page before the end, and by several after it', async () => {
    expect(running.texts.length).toBeGreaterThan(60)
    expect(await leaks(running)).toEqual([])
    expect((await leaks(over)).length).toBeGreaterThan(60)
    const rows = `${path(running)}/participants/${hotkeyOf(1)}/days/1`
    for (const kind of ['patterns', 'planted']) {
      expect(await served.ask(`${rows}/${kind}?${world}`)).toMatchObject({
        status: 409,
        body: { error: { code: 'NOT_REVEALED', hint: expect.stringContaining('counts') } },
      })
    }
  })

  it('stay secrets while a tournament that goes on, or the epochs outside of tournaments, have the same seed', async () => {
    const { repositories } = served.store
    const keeping = await served.serve({ secretSeeds: new Set([over.tournament.seedSha256]) })
    expect(await leaks(over, keeping)).toEqual([])
    const { datasetSeed, seedSha256 } = over.tournament
    const twin = buildTournament({ name: 'Twin', status: 'in_progress', datasetSeed, seedSha256 })
    await repositories.tournaments.put({ tournament: twin })
    expect(await leaks(over)).toEqual([])
    expect(await get(path(over))).toMatchObject({ dataset_seed: null })
    await repositories.tournaments.put({ tournament: { ...twin, status: 'cancelled' } })
    expect(await get(path(over))).toMatchObject({ dataset_seed: datasetSeed })
  })

  it.each(['draft', 'registration', 'in_progress', 'scoring', 'cancelled'] as const)(
    'are kept in a tournament that is %s',
    async (status) => {
      const { tournaments } = served.store.repositories
      const tournament = buildTournament({ name: `In ${status}`, status })
      await tournaments.put({ tournament })
      expect(await get(`/api/v1/tournaments/${tournament.tournamentId}`)).toMatchObject({
        dataset_seed: null,
      })
    },
  )
})
