import { BASELINE_HOTKEY, utcDateSchema } from '@subnetkit/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { addSubmission } from '../../src/tasks/submissions/add-submission.ts'
import { advanceTournament } from '../../src/tasks/contests/advance-tournament.ts'
import { openTournament } from '../../src/tasks/contests/open-tournament.ts'
import { promoteBaseline } from '../../src/tasks/contests/promote-baseline.ts'
import { registerParticipant } from '../../src/tasks/contests/register-participant.ts'
import { runTournamentDay } from '../../src/tasks/contests/run-tournament-day.ts'
import { scoreTournament } from '../../src/tasks/contests/score-tournament.ts'
import { seedBaseline } from '../../src/tasks/contests/seed-baseline.ts'
import { withdrawParticipant } from '../../src/tasks/contests/withdraw-participant.ts'
import { devHotkey } from '../../src/week/dev-hotkey.ts'
import { type Act, actedDeps, type Contest, openContest, perform, repositoryOf } from './open-contest.ts'

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'
const SLOW = { timeout: 120_000 }

let contest: Contest
beforeAll(async () => {
  contest = await openContest()
}, 120_000)
afterAll(async () => {
  await contest[Symbol.asyncDispose]()
})

const settings = {
  imageType: 'analytics' as const,
  registrationStart: '2025-07-30',
  registrationEnd: '2025-07-31',
  maxParticipants: 10,
  epochDays: 3,
  testNetworks: ['torus'],
  testWindowDays: [30],
  datasetTransfers: 1_000,
  ruleSet: 'epoch',
  timeLimitMs: 10_000,
  baselineId: null,
}

async function openOne(name: string, change: object = {}): Promise<string> {
  const deps = {
    ...actedDeps(contest.deps),
    datasetSeed: `the seed of the tournament ${name}`,
    isSeedDrawn: false,
  }
  const { tournament } = await perform(openTournament, deps, { ...settings, name, ...change })
  return tournament.tournamentId
}

async function advanceTo(tournamentId: string, today: string, performed: string[] = []): Promise<string> {
  const deps = actedDeps(contest.deps, performed)
  const { tournament } = await perform(advanceTournament, deps, { tournamentId, today })
  return tournament.status
}

async function enter(tournamentId: string, name: string, act: Act): Promise<string> {
  const deps = actedDeps(contest.deps)
  const hotkey = devHotkey(name)
  const submission = { hotkey, imageType: 'analytics', repository: repositoryOf(act), commit: null }
  await perform(addSubmission, deps, submission)
  await perform(registerParticipant, deps, { tournamentId, hotkey })
  return hotkey
}

describe('opening a tournament', () => {
  it(
    'follows from its name: the same settings are the same one, others are refused by name',
    SLOW,
    async () => {
      const id = await openOne('Opened twice')
      expect(await openOne('Opened twice')).toBe(id)
      const { tournaments } = contest.deps.repositories
      const tournament = await tournaments.get({ tournamentId: id })
      expect(tournament).toMatchObject({ status: 'draft', competitionStart: '2025-08-01', currentDay: 0 })
      expect(tournament.competitionEnd).toBe('2025-08-03')
      await expect(openOne('Opened twice', { epochDays: 4 })).rejects.toThrow(
        /is a tournament .* with epochDays 3/,
      )
      const other = { ...actedDeps(contest.deps), datasetSeed: 'another seed than that', isSeedDrawn: false }
      const again = { ...settings, name: 'Opened twice' }
      await expect(perform(openTournament, other, again)).rejects.toThrow(/with another seed/)
      await expect(perform(openTournament, { ...other, isSeedDrawn: true }, again)).resolves.toMatchObject({
        isNew: false,
        tournament: { datasetSeed: 'the seed of the tournament Opened twice' },
      })
    },
  )

  it.each([
    [{ registrationEnd: '2025-07-01' }, /registrationEnd: "2025-07-01" is before 2025-07-30/],
    [{ testNetworks: ['torus', 'torus'] }, /testNetworks: .* names one twice/],
    [{ ruleSet: 'nonsense' }, /rule set: "nonsense" is not known; use one of epoch, successor/],
    [{ name: '../x' }, /name: .* must be 1–64/],
  ])('refuses %j', async (change, message) => {
    await expect(openOne('Refused', change)).rejects.toThrow(message)
  })
})

describe('registration', () => {
  it('is refused with the first reason that holds, in the order of the checks', SLOW, async () => {
    const deps = actedDeps(contest.deps)
    const { submissions } = deps.repositories
    const tournamentId = await openOne('Registration', { maxParticipants: 1 })
    const hotkey = devHotkey('registers')
    const register = (who = hotkey, id = tournamentId): Promise<unknown> =>
      perform(registerParticipant, deps, { tournamentId: id, hotkey: who })
    const code = (name: string): object => expect.objectContaining({ name: 'InputError', code: name })

    await expect(register(hotkey, '00000000-0000-8000-8000-000000000009')).rejects.toEqual(
      code('TOURNAMENT_NOT_FOUND'),
    )
    await expect(register('5notAHotkey')).rejects.toThrow(/no SS58 address/)
    await expect(register()).rejects.toEqual(code('NOT_REGISTRATION_PERIOD'))
    await advanceTo(tournamentId, '2025-07-30')
    await expect(register()).rejects.toEqual(code('MINER_NOT_FOUND'))
    const submission = { hotkey, imageType: 'analytics', repository: repositoryOf('weak'), commit: null }
    await perform(addSubmission, deps, submission)
    const key = { hotkey, imageType: 'analytics' as const }
    await submissions.setStatus({ ...key, status: 'disabled', validationError: null, now: deps.clock.now() })
    await expect(register()).rejects.toEqual(code('MINER_NOT_ACTIVE'))
    expect(await perform(addSubmission, deps, submission)).toMatchObject({ isNew: true })
    expect(await perform(addSubmission, deps, submission)).toMatchObject({ isNew: false })
    await expect(register()).resolves.toMatchObject({ registrationOrder: 1, status: 'registered' })
    await expect(register()).rejects.toEqual(code('ALREADY_REGISTERED'))

    const second = devHotkey('registers second')
    await perform(addSubmission, deps, { ...submission, hotkey: second })
    await expect(register(second)).rejects.toEqual(code('MAX_PARTICIPANTS'))
    const withdraw = (): Promise<unknown> => perform(withdrawParticipant, deps, { tournamentId, hotkey })
    await expect(withdraw()).resolves.toMatchObject({ status: 'withdrawn' })
    await expect(withdraw()).resolves.toMatchObject({ status: 'withdrawn' })
    await expect(register(second)).resolves.toMatchObject({ registrationOrder: 2 })
    await expect(register()).rejects.toEqual(code('MAX_PARTICIPANTS'))
    await perform(withdrawParticipant, deps, { tournamentId, hotkey: second })
    await expect(register()).resolves.toMatchObject({ registrationOrder: 3, status: 'registered' })
    await advanceTo(tournamentId, '2025-08-01')
    await expect(withdraw()).rejects.toEqual(code('NOT_REGISTRATION_PERIOD'))
  })

  it(
    'gives ten places to ten of many who come at once, each its own order',
    { timeout: 300_000 },
    async () => {
      const many = isSoak ? 200 : 15
      const deps = actedDeps(contest.deps)
      const tournamentId = await openOne('A rush', { maxParticipants: 10 })
      await advanceTo(tournamentId, '2025-07-31')
      const hotkeys = Array.from({ length: many }, (_, at) => devHotkey(`rush ${at}`))
      const { submissions } = deps.repositories
      const now = deps.clock.now()
      await Promise.all(
        hotkeys.map((hotkey) =>
          submissions.put({
            submission: {
              hotkey,
              imageType: 'analytics',
              repository: repositoryOf('weak'),
              commit: 'c'.repeat(40),
              status: 'active',
              validationError: null,
              registeredAt: now,
              lastUpdatedAt: now,
            },
          }),
        ),
      )
      const answers = await Promise.allSettled(
        hotkeys.map((hotkey) => perform(registerParticipant, deps, { tournamentId, hotkey })),
      )
      const orders = answers.flatMap((answer) =>
        answer.status === 'fulfilled' ? [answer.value.registrationOrder] : [],
      )
      expect(orders.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
      const refusals = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []))
      expect(refusals).toHaveLength(many - 10)
      expect(refusals.every((error) => error.code === 'MAX_PARTICIPANTS')).toBe(true)
      const stored = await deps.repositories.tournamentParticipants.list({ tournamentId, limit: 100 })
      expect(stored.items).toHaveLength(10)
    },
  )
})

describe('a tournament from its start to its end', () => {
  it('ranks justly, ends parts for what they did, and promotes the winner once', SLOW, async () => {
    const deps = { ...actedDeps(contest.deps), datasetSeed: 'a seed of sixteen', isSeedDrawn: false }
    const seed = { imageType: 'analytics', repository: repositoryOf('middle'), commit: null, version: null }
    const seeded = await perform(seedBaseline, deps, { ...seed, isReplacing: false })
    expect(seeded).toMatchObject({ isActive: true, baseline: { version: 'v1.0.0', status: 'active' } })
    expect(await perform(seedBaseline, deps, { ...seed, isReplacing: false })).toEqual(seeded)
    const other = { ...seed, repository: repositoryOf('weak'), isReplacing: false }
    await expect(perform(seedBaseline, deps, other)).rejects.toThrow(/v1\.0\.0 is active/)

    const { baselineId } = seeded.baseline
    const tournamentId = await openOne('Whole', { baselineId })
    expect(await advanceTo(tournamentId, '2025-07-30')).toBe('registration')
    const hotkeys = new Map<string, string>()
    for (const act of ['crash', 'weak', 'strong', 'refused', 'fabricator', 'bad', 'empty'] as const) {
      hotkeys.set(act, await enter(tournamentId, `whole ${act}`, act))
    }
    const gone = await enter(tournamentId, 'whole withdrawn', 'strong')
    await perform(withdrawParticipant, deps, { tournamentId, hotkey: gone })

    const day = { tournamentId, testDate: '2025-08-01' }
    await expect(perform(runTournamentDay, deps, day)).rejects.toThrow(
      /is in registration, not in in_progress/,
    )
    await expect(perform(scoreTournament, deps, { tournamentId })).rejects.toThrow(/not in scoring/)
    const performed: string[] = []
    expect(await advanceTo(tournamentId, '2025-08-01', performed)).toBe('in_progress')
    // The baseline and six miners: the refused one never runs.
    expect(performed).toHaveLength(7)
    const first = await perform(runTournamentDay, actedDeps(contest.deps, performed), day)
    expect(first).toMatchObject({ day: 1, totalRuns: 6, foundDone: 6, completedRuns: 5, failedRuns: 1 })
    expect(performed).toHaveLength(7)
    const outside = { tournamentId, testDate: '2025-08-04' }
    await expect(perform(runTournamentDay, deps, outside)).rejects.toThrow(/is no day of Whole/)

    // The machine slept on the second day: the third does both.
    expect(await advanceTo(tournamentId, '2025-08-03', performed)).toBe('in_progress')
    expect(await advanceTo(tournamentId, '2025-08-04', performed)).toBe('completed')
    expect(performed).toHaveLength(7 + 6 + 6)
    expect(new Set(performed).size).toBe(performed.length)
    expect(await advanceTo(tournamentId, '2025-09-01', performed)).toBe('completed')
    expect(performed).toHaveLength(19)

    const { tournamentParticipants, tournamentResults, tournaments, submissions } = deps.repositories
    const participants = await tournamentParticipants.list({ tournamentId, limit: 100 })
    const statusOf = (hotkey: string | undefined): unknown =>
      participants.items.find((one) => one.hotkey === hotkey)
    expect(statusOf(hotkeys.get('refused'))).toMatchObject({
      status: 'failed',
      reason: 'scan: main.mjs:1: starts a shell (malware)',
    })
    expect(statusOf(hotkeys.get('fabricator'))).toMatchObject({
      status: 'disqualified',
      disqualifiedOnDay: 1,
    })
    expect(statusOf(hotkeys.get('bad'))).toMatchObject({ status: 'disqualified', disqualifiedOnDay: 3 })
    expect(statusOf(hotkeys.get('crash'))).toMatchObject({ status: 'completed' })
    expect(statusOf(gone)).toMatchObject({ status: 'withdrawn' })
    const refused = { hotkey: hotkeys.get('refused') ?? '', imageType: 'analytics' as const }
    expect(await submissions.get(refused)).toMatchObject({ status: 'failed' })

    const { items: results } = await tournamentResults.list({ tournamentId, limit: 100 })
    const names = results.map(
      ({ hotkey }) => [...hotkeys].find(([, value]) => value === hotkey)?.[0] ?? hotkey,
    )
    expect(names.slice(0, 3)).toEqual(['strong', BASELINE_HOTKEY, 'weak'])
    expect(names).toHaveLength(8)
    expect(results.slice(3).map(({ finalScore }) => finalScore)).toEqual([0, 0, 0, 0, 0])
    expect(results.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(results[0]).toMatchObject({ isWinner: true, isBaselineBeaten: true, participantsBeaten: 7 })
    expect(results.filter(({ isWinner }) => isWinner)).toHaveLength(1)
    expect(results.find(({ hotkey }) => hotkey === hotkeys.get('bad'))?.disqualification).toMatch(/3 days/)
    expect(await tournaments.get({ tournamentId })).toMatchObject({
      winnerHotkey: hotkeys.get('strong'),
      isBaselineBeaten: true,
      currentDay: 3,
    })

    const promoted = await perform(promoteBaseline, deps, { tournamentId })
    expect(promoted).toMatchObject({
      isPromoted: true,
      baseline: { version: 'v1.1.0', status: 'active', repository: repositoryOf('strong') },
    })
    expect(await perform(promoteBaseline, deps, { tournamentId })).toEqual(promoted)
    const { baselines } = deps.repositories
    const { items: versions } = await baselines.list({ imageType: 'analytics', limit: 100 })
    expect(versions.map(({ version, status }) => `${version} ${status}`)).toEqual([
      'v1.1.0 active',
      'v1.0.0 deprecated',
    ])
  })

  it('has no winner when nobody is better than the baseline, and promotes nobody', SLOW, async () => {
    const deps = actedDeps(contest.deps)
    const seed = { imageType: 'analytics', repository: repositoryOf('strong'), commit: 'd'.repeat(40) }
    const seeded = await perform(seedBaseline, deps, { ...seed, version: null, isReplacing: true })
    const tournamentId = await openOne('No winner', { baselineId: seeded.baseline.baselineId, epochDays: 1 })
    await advanceTo(tournamentId, '2025-07-30')
    // As good as the baseline is not better.
    await enter(tournamentId, 'equal', 'strong')
    expect(await advanceTo(tournamentId, '2025-08-02')).toBe('completed')
    const { tournaments } = deps.repositories
    expect(await tournaments.get({ tournamentId })).toMatchObject({
      winnerHotkey: null,
      isBaselineBeaten: false,
    })
    expect(await perform(promoteBaseline, deps, { tournamentId })).toEqual({
      isPromoted: false,
      reason: 'no miner won the tournament',
    })
  })

  it('does what it can of a day when the machine fails, and the rest when it works again', SLOW, async () => {
    const tournamentId = await openOne('Broken machine', { epochDays: 1 })
    await advanceTo(tournamentId, '2025-07-30')
    for (const act of ['weak', 'strong', 'empty'] as const) await enter(tournamentId, `broken ${act}`, act)
    const performed: string[] = []
    const today = { tournamentId, today: '2025-08-02' }
    const broken = actedDeps(contest.deps, performed, (act) => act === 'weak' || act === 'empty')
    await expect(perform(advanceTournament, broken, today)).rejects.toThrow(
      /1 of 2 runs .*: the disk is full/,
    )
    const { tournaments, benchmarkRuns } = contest.deps.repositories
    expect((await tournaments.get({ tournamentId })).status).toBe('in_progress')
    const { items } = await benchmarkRuns.list({ imageType: 'analytics', tournamentId, limit: 10 })
    expect(items.map(({ status }) => status)).toEqual(['completed'])
    const halfway = actedDeps(contest.deps, performed, (act) => act === 'empty')
    await expect(perform(advanceTournament, halfway, today)).rejects.toThrow('the disk is full')
    expect(await advanceTo(tournamentId, '2025-08-02', performed)).toBe('completed')
    expect(performed).toHaveLength(3)
    expect(new Set(performed).size).toBe(3)
  })

  it('is over without results when nobody came', SLOW, async () => {
    const tournamentId = await openOne('Nobody came', { epochDays: 1 })
    expect(await advanceTo(tournamentId, utcDateSchema.parse('2025-08-02'))).toBe('completed')
  })
})
