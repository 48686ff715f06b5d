import { BASELINE_HOTKEY, type TournamentParticipant } from '@subnetkit/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { addSubmission } from '../../src/tasks/submissions/add-submission.ts'
import { advanceTournament } from '../../src/tasks/contests/advance-tournament.ts'
import { openTournament } from '../../src/tasks/contests/open-tournament.ts'
import { promoteBaseline } from '../../src/tasks/contests/promote-baseline.ts'
import { registerParticipant } from '../../src/tasks/contests/register-participant.ts'
import { seedBaseline } from '../../src/tasks/contests/seed-baseline.ts'
import { withdrawParticipant } from '../../src/tasks/contests/withdraw-participant.ts'
import { devHotkey } from '../../src/week/dev-hotkey.ts'
import { DeadError, deadAfter } from './dead-after.ts'
import { type Act, actedDeps, type Contest, openContest, perform, repositoryOf } from './open-contest.ts'

const SLOW = { timeout: 120_000 }

let contest: Contest
beforeAll(async () => {
  contest = await openContest()
}, 120_000)
afterAll(async () => {
  await contest[Symbol.asyncDispose]()
})

/** A tournament of one day that takes registrations. */
async function openOne(name: string, baselineId: string | null = null): Promise<string> {
  const deps = { ...actedDeps(contest.deps), datasetSeed: `the seed of ${name}`, isSeedDrawn: false }
  const { tournament } = await perform(openTournament, deps, {
    name,
    imageType: 'analytics',
    registrationStart: '2025-07-31',
    registrationEnd: '2025-07-31',
    maxParticipants: 10,
    epochDays: 1,
    testNetworks: ['torus'],
    testWindowDays: [30],
    datasetTransfers: 1_000,
    ruleSet: 'epoch',
    timeLimitMs: 10_000,
    baselineId,
  })
  await advanceTo(tournament.tournamentId, '2025-07-31')
  return tournament.tournamentId
}

async function advanceTo(tournamentId: string, today: string, performed: string[] = []): Promise<void> {
  await perform(advanceTournament, actedDeps(contest.deps, performed), { tournamentId, today })
}

/** Registers a commit of its own, which has the files of that name. */
async function enter(
  tournamentId: string,
  name: string,
  files: string,
  act: Act = 'middle',
): Promise<string> {
  const deps = actedDeps(contest.deps)
  const hotkey = devHotkey(name)
  const commit = Buffer.from(name.padEnd(20, '.')).toString('hex').slice(0, 40)
  const submission = { hotkey, imageType: 'analytics', repository: repositoryOf(act, files), commit }
  await perform(addSubmission, deps, submission)
  await perform(registerParticipant, deps, { tournamentId, hotkey })
  return hotkey
}

async function find(tournamentId: string, hotkey: string): Promise<TournamentParticipant> {
  return await contest.deps.repositories.tournamentParticipants.get({ tournamentId, hotkey })
}

async function ranksOf(tournamentId: string): Promise<readonly (readonly [string, number])[]> {
  const { items } = await contest.deps.repositories.tournamentResults.list({ tournamentId, limit: 100 })
  return items.map(({ hotkey, finalScore }) => [hotkey, finalScore])
}

const isCopyOf = (hotkey: string): unknown =>
  expect.objectContaining({
    status: 'failed',
    reason: `copy: its files are those of ${hotkey}, entered earlier; only who entered them first runs with them`,
  })

describe('a copy', () => {
  it('of whoever registered first never runs, earns 0 and is told why; the original wins', SLOW, async () => {
    const tournamentId = await openOne('Three copies')
    const original = await enter(tournamentId, 'three original', 'three')
    const other = await enter(tournamentId, 'three other', 'others', 'weak')
    const copies = []
    for (const name of ['one', 'two', 'three'])
      copies.push(await enter(tournamentId, `copy ${name}`, 'three'))
    const performed: string[] = []
    await advanceTo(tournamentId, '2025-08-01', performed)
    expect(performed).toHaveLength(2)
    await advanceTo(tournamentId, '2025-08-02', performed)
    expect(performed).toHaveLength(2)
    for (const hotkey of copies) expect(await find(tournamentId, hotkey)).toEqual(isCopyOf(original))
    const ranks = await ranksOf(tournamentId)
    expect(ranks.slice(0, 2).map(([hotkey]) => hotkey)).toEqual([original, other])
    expect(ranks.slice(2)).toEqual(copies.map((hotkey) => [hotkey, 0]))
    const { submissions, tournaments } = contest.deps.repositories
    expect(await tournaments.get({ tournamentId })).toMatchObject({ winnerHotkey: original })
    // Its commit is no bad code: another contest may take it.
    const key = { hotkey: copies[0] ?? '', imageType: 'analytics' as const }
    expect(await submissions.get(key)).toMatchObject({ status: 'active' })
  })

  it('is who registered later, also where the original withdrew and came back', SLOW, async () => {
    const tournamentId = await openOne('Came back')
    const first = await enter(tournamentId, 'came first', 'back')
    const second = await enter(tournamentId, 'came second', 'back')
    const deps = actedDeps(contest.deps)
    await perform(withdrawParticipant, deps, { tournamentId, hotkey: first })
    await perform(registerParticipant, deps, { tournamentId, hotkey: first })
    await advanceTo(tournamentId, '2025-08-01')
    expect(await find(tournamentId, second)).toMatchObject({ status: 'active', reason: null })
    expect(await find(tournamentId, first)).toEqual(isCopyOf(second))
  })

  it('is no hotkey that enters its own files again, and no hotkey alone with them', SLOW, async () => {
    const tournamentId = await openOne('Own files')
    const hotkey = await enter(tournamentId, 'own files', 'own')
    const gone = await enter(tournamentId, 'own gone', 'own')
    await perform(withdrawParticipant, actedDeps(contest.deps), { tournamentId, hotkey: gone })
    await advanceTo(tournamentId, '2025-08-02')
    expect(await find(tournamentId, hotkey)).toMatchObject({ status: 'completed' })
    const again = await openOne('Own files again')
    await enter(again, 'own files', 'own')
    await advanceTo(again, '2025-08-02')
    expect(await find(again, hotkey)).toMatchObject({ status: 'completed', reason: null })
  })

  it('cannot be first by a quick registration with what was shown in an earlier contest', SLOW, async () => {
    const before = await openOne('Shown before')
    const author = await enter(before, 'shown author', 'shown')
    const thief = await enter(before, 'shown thief', 'shown')
    await advanceTo(before, '2025-08-02')
    const tournamentId = await openOne('Shown after')
    await enter(tournamentId, 'shown thief', 'shown')
    const newcomer = await enter(tournamentId, 'shown newcomer', 'shown')
    await enter(tournamentId, 'shown author', 'shown')
    await advanceTo(tournamentId, '2025-08-02')
    expect(await find(tournamentId, author)).toMatchObject({ status: 'completed' })
    for (const hotkey of [thief, newcomer]) expect(await find(tournamentId, hotkey)).toEqual(isCopyOf(author))
  })

  it('of the baseline is out; the baseline stays, and so does the miner it came from', SLOW, async () => {
    const deps = actedDeps(contest.deps)
    const seed = {
      imageType: 'analytics',
      repository: repositoryOf('weak', 'seeded'),
      commit: 'd'.repeat(40),
    }
    const { baseline } = await perform(seedBaseline, deps, { ...seed, version: null, isReplacing: true })
    const first = await openOne('Against the seeded', baseline.baselineId)
    const copycat = await enter(first, 'seeded copy', 'seeded', 'strong')
    const author = await enter(first, 'new author', 'new')
    await advanceTo(first, '2025-08-02')
    expect(await find(first, copycat)).toEqual(isCopyOf('the baseline'))
    const promoted = await perform(promoteBaseline, deps, { tournamentId: first })
    if (!promoted.isPromoted) throw new RangeError(promoted.reason)

    const second = await openOne('Against the promoted', promoted.baseline.baselineId)
    const thief = await enter(second, 'new thief', 'new')
    await enter(second, 'new author', 'new')
    await advanceTo(second, '2025-08-02')
    expect(await find(second, author)).toMatchObject({ status: 'completed' })
    expect(await find(second, BASELINE_HOTKEY)).toMatchObject({ status: 'completed' })
    expect(await find(second, thief)).toEqual(isCopyOf(author))
  })

  it('is found whatever its machine could do first, and wherever the process died', SLOW, async () => {
    const tournamentId = await openOne('Broken before')
    // The original cannot be prepared on the first try, so that its copy runs before it is known.
    const original = await enter(tournamentId, 'broken original', 'broken', 'empty')
    const copy = await enter(tournamentId, 'broken copy', 'broken', 'strong')
    const broken = actedDeps(contest.deps, [], (act) => act === 'empty')
    const today = { tournamentId, today: '2025-08-01' }
    await expect(perform(advanceTournament, broken, today)).rejects.toThrow('the disk is full')
    expect(await find(tournamentId, copy)).toMatchObject({ status: 'active' })
    let deaths = 0
    for (let last = 1; ; last++) {
      const { deps, writes } = deadAfter(contest.deps, last)
      const died = await perform(advanceTournament, actedDeps(deps), today).then(
        () => false,
        (error: unknown) => error instanceof DeadError || String(error).includes('dead '),
      )
      if (!died) {
        expect(writes.length).toBeLessThan(last)
        break
      }
      deaths++
    }
    expect(deaths).toBeGreaterThan(1)
    await advanceTo(tournamentId, '2025-08-02')
    expect(await find(tournamentId, copy)).toEqual(isCopyOf(original))
    expect((await ranksOf(tournamentId)).find(([hotkey]) => hotkey === copy)).toEqual([copy, 0])
  })
})
