import { isInputError } from '@subnetkit/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { addSubmission } from '../../src/tasks/submissions/add-submission.ts'
import { advanceTournament } from '../../src/tasks/contests/advance-tournament.ts'
import { cancelTournament } from '../../src/tasks/contests/cancel-tournament.ts'
import type { ContestDeps } from '../../src/tasks/contests/contest-deps.ts'
import { findContest } from '../../src/tasks/contests/find-contest.ts'
import { openTournament } from '../../src/tasks/contests/open-tournament.ts'
import { promoteBaseline } from '../../src/tasks/contests/promote-baseline.ts'
import { registerParticipant } from '../../src/tasks/contests/register-participant.ts'
import { scoreTournament } from '../../src/tasks/contests/score-tournament.ts'
import { devHotkey } from '../../src/week/dev-hotkey.ts'
import { DeadError, deadAfter } from './dead-after.ts'
import { actedDeps, type Contest, openContest, perform, repositoryOf } from './open-contest.ts'

const SLOW = { timeout: 120_000 }

let contest: Contest
beforeAll(async () => {
  contest = await openContest()
}, 120_000)
afterAll(async () => {
  await contest[Symbol.asyncDispose]()
})

/** A tournament of two days with two miners, registered. */
async function openOne(name: string): Promise<string> {
  const deps = { ...actedDeps(contest.deps), datasetSeed: `the seed of ${name}`, isSeedDrawn: false }
  const { tournament } = await perform(openTournament, deps, {
    name,
    imageType: 'analytics',
    registrationStart: '2025-07-31',
    registrationEnd: '2025-07-31',
    maxParticipants: 10,
    epochDays: 2,
    testNetworks: ['torus'],
    testWindowDays: [30],
    datasetTransfers: 1_000,
    ruleSet: 'epoch',
    timeLimitMs: 10_000,
    baselineId: null,
  })
  const { tournamentId } = tournament
  await perform(advanceTournament, deps, { tournamentId, today: '2025-07-31' })
  for (const act of ['strong', 'weak'] as const) {
    const hotkey = devHotkey(`${name} ${act}`)
    const submission = { hotkey, imageType: 'analytics', repository: repositoryOf(act), commit: null }
    await perform(addSubmission, deps, submission)
    await perform(registerParticipant, deps, { tournamentId, hotkey })
  }
  return tournamentId
}

async function epochStatuses(tournamentId: string): Promise<readonly string[]> {
  const { items } = await contest.deps.repositories.benchmarkEpochs.list({ tournamentId, limit: 100 })
  return items.map(({ status, errorMessage }) => `${status}: ${errorMessage ?? ''}`)
}

const reason = 'its seed leaked'

describe('cancelling a tournament', () => {
  it('ends it where it stands, once, and nothing of it runs any more', SLOW, async () => {
    const tournamentId = await openOne('Leaked')
    const performed: string[] = []
    const deps = actedDeps(contest.deps, performed)
    await perform(advanceTournament, deps, { tournamentId, today: '2025-08-01' })
    expect(performed).toHaveLength(2)
    const cancelled = await perform(cancelTournament, deps, { tournamentId, reason: `  ${reason} ` })
    expect(cancelled).toMatchObject({ status: 'cancelled', cancelReason: reason, winnerHotkey: null })
    expect(cancelled.completedAt).toBeInstanceOf(Date)
    expect(await perform(cancelTournament, deps, { tournamentId, reason: 'another' })).toEqual(cancelled)
    const ended = `failed: the tournament was cancelled: ${reason}`
    expect(await epochStatuses(tournamentId)).toEqual([ended, ended])

    const { tournament } = await perform(advanceTournament, deps, { tournamentId, today: '2025-08-03' })
    expect(tournament.status).toBe('cancelled')
    expect(performed).toHaveLength(2)
    await expect(findContest(contest.deps, { tournamentId })).rejects.toThrow(
      /was cancelled: its seed leaked/,
    )
    await expect(perform(scoreTournament, deps, { tournamentId })).rejects.toThrow(/was cancelled/)
    await expect(perform(promoteBaseline, deps, { tournamentId })).rejects.toThrow(/was cancelled/)
    const late = { tournamentId, hotkey: devHotkey('Leaked strong') }
    await expect(perform(registerParticipant, deps, late)).rejects.toThrow(/was cancelled: its seed/)
  })

  it('takes a win back that was scored and not completed', SLOW, async () => {
    const tournamentId = await openOne('Scored')
    const deps = actedDeps(contest.deps)
    await perform(advanceTournament, deps, { tournamentId, today: '2025-08-02' })
    const { tournaments, tournamentResults } = contest.deps.repositories
    const tournament = await tournaments.get({ tournamentId })
    await tournaments.put({ tournament: { ...tournament, status: 'scoring' } })
    const scored = await perform(scoreTournament, deps, { tournamentId })
    expect(scored.winnerHotkey).toBe(devHotkey('Scored strong'))
    await perform(cancelTournament, deps, { tournamentId, reason })
    const { items } = await tournamentResults.list({ tournamentId, limit: 10 })
    expect(items.map(({ isWinner }) => isWinner)).toEqual([false, false])
  })

  it('stops a day that is on its way', SLOW, async () => {
    const tournamentId = await openOne('On its way')
    const acted = actedDeps(contest.deps)
    const { queue } = acted
    const deps: ContestDeps = {
      ...acted,
      // Cancelled when the runs of the day wait: none of them is begun, as by the real task, which is refused its contest.
      queue: {
        add: async ({ jobId }) => ({ jobId, accepted: true }),
        drain: async (options) => {
          await perform(cancelTournament, acted, { tournamentId, reason })
          return await queue.drain(options)
        },
        counts: async () => await queue.counts(),
        close: async () => await queue.close(),
        [Symbol.asyncDispose]: async () => await queue.close(),
      },
    }
    await expect(perform(advanceTournament, deps, { tournamentId, today: '2025-08-01' })).rejects.toSatisfy(
      (error) => isInputError(error) && /was cancelled/.test(error.message),
    )
  })

  it('is finished by the same call wherever its process died', SLOW, async () => {
    const tournamentId = await openOne('Dead')
    await perform(advanceTournament, actedDeps(contest.deps), { tournamentId, today: '2025-08-01' })
    // The tournament and its two epochs.
    for (const last of [1, 2]) {
      const { deps } = deadAfter(contest.deps, last)
      await expect(perform(cancelTournament, deps, { tournamentId, reason })).rejects.toThrow(DeadError)
    }
    expect((await epochStatuses(tournamentId)).filter((status) => status.startsWith('running'))).toHaveLength(
      0,
    )
    await perform(cancelTournament, contest.deps, { tournamentId, reason })
    expect((await epochStatuses(tournamentId)).every((status) => status.startsWith('failed'))).toBe(true)
  })

  it('refuses one that is completed, one that is not known, and no reason', SLOW, async () => {
    const tournamentId = await openOne('Completed')
    const deps = actedDeps(contest.deps)
    await perform(advanceTournament, deps, { tournamentId, today: '2025-08-03' })
    const cancel = (id: string, why = reason): Promise<unknown> =>
      perform(cancelTournament, deps, { tournamentId: id, reason: why })
    await expect(cancel(tournamentId)).rejects.toThrow(/is completed: its results stand/)
    await expect(cancel('00000000-0000-8000-8000-000000000009')).rejects.toThrow(/no tournament|not/)
    await expect(cancel(tournamentId, '  ')).rejects.toThrow(/must say why/)
  })
})
