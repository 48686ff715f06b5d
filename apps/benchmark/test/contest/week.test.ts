import { isInputError } from '@subnetkit/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { BenchmarkDeps } from '../../src/benchmark-deps.ts'
import { runWeek } from '../../src/tasks/contests/run-week.ts'
import { devHotkey } from '../../src/week/dev-hotkey.ts'
import type { WeekReport } from '../../src/week/week-report.ts'
import { DeadError, deadAfter } from './dead-after.ts'
import { type Act, actedDeps, type Contest, openContest, perform, repositoryOf } from './open-contest.ts'

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'

/** The soak lets the process die after every third write, a quick run after every 23rd. */
const STRIDE = isSoak ? 3 : 23

let contest: Contest
beforeAll(async () => {
  contest = await openContest()
}, 120_000)
afterAll(async () => {
  await contest[Symbol.asyncDispose]()
})

const cast = ['strong', 'refused', 'fabricator', 'weak'] as const satisfies readonly Act[]
/** Of the weeks that die, and how many runs such a week has: two days of baseline and strong, one of the fabricator, … */
const [mortalCast, mortalRuns]: [readonly Act[], number] = isSoak ? [cast, 7] : [['strong', 'refused'], 4]

function minersOf(name: string, acts: readonly Act[]): readonly object[] {
  return acts.map((act) => ({
    name: act,
    hotkey: devHotkey(`${name} ${act}`),
    repository: repositoryOf(act),
    commit: null,
  }))
}

function contextOf(name: string, change: object = {}): object {
  return {
    name,
    imageType: 'analytics',
    startDate: '2025-08-01',
    days: 2,
    testNetworks: ['torus'],
    testWindowDays: [30],
    datasetTransfers: 1_000,
    ruleSet: 'epoch',
    timeLimitMs: 10_000,
    baseline: { repository: repositoryOf('middle'), commit: null },
    miners: minersOf(name, cast),
    isPromotionWanted: true,
    ...change,
  }
}

async function week(deps: BenchmarkDeps, context: object, performed: string[] = []): Promise<WeekReport> {
  const seed = { datasetSeed: 'drawn for each call', isSeedDrawn: true }
  return await perform(runWeek, { ...actedDeps(deps, performed), ...seed }, context)
}

/** What must be the same however often the process died: everything but ids, hotkeys and times. */
function outcomeOf({ rows, isBaselineBeaten, winnerHotkey }: WeekReport): unknown {
  const shown = rows.map(({ hotkey: _hotkey, ...row }) => row)
  return { rows: shown, isBaselineBeaten, winner: rows.find(({ hotkey }) => hotkey === winnerHotkey)?.name }
}

/** Versions of the baseline that came from a week's winner. */
async function promotedFrom(tournamentId: string): Promise<readonly string[]> {
  const { items } = await contest.deps.repositories.baselines.list({ imageType: 'analytics', limit: 1_000 })
  expect(items.filter(({ status }) => status === 'active')).toHaveLength(1)
  expect(items.filter(({ status }) => status === 'building')).toHaveLength(0)
  return items.filter((one) => one.originatedFromTournamentId === tournamentId).map(({ status }) => status)
}

describe('a week', () => {
  it('tells the same when it is asked again, and does nothing twice', { timeout: 120_000 }, async () => {
    const performed: string[] = []
    const context = contextOf('Told twice')
    const first = await week(contest.deps, context, performed)
    expect(first.rows.map(({ name, rank }) => `${rank} ${name}`)).toEqual([
      '1 strong',
      '2 baseline',
      '3 weak',
      // Both earned nothing; who ran at all was quicker than who did not.
      '4 fabricator',
      '5 refused',
    ])
    expect(first.rows.map(({ reason }) => reason)).toEqual([
      null,
      null,
      null,
      expect.stringMatching(/^made up: 1 reported rows of 2025-08-01 torus 30d .*found 9 of 10/),
      'scan: main.mjs:1: starts a shell (malware)',
    ])
    expect(first.winnerHotkey).toBe(devHotkey('Told twice strong'))
    expect(first.promotion).toMatch(/is baseline v1\.1\.0 now/)
    expect(first.found).toEqual({ isTournamentNew: true, participants: 0, days: [], runs: 0 })
    // Four run on the first day; who made data up has no second one.
    expect(performed).toHaveLength(7)

    const again = await week(contest.deps, context, performed)
    expect(performed).toHaveLength(7)
    expect(outcomeOf(again)).toEqual(outcomeOf(first))
    expect(again.datasetSeed).toBe(first.datasetSeed)
    expect(again.found).toEqual({
      isTournamentNew: false,
      participants: 4,
      days: ['2025-08-01', '2025-08-02'],
      runs: 0,
    })
    expect(await promotedFrom(first.tournamentId)).toEqual(['active'])
  })

  it('shows who could not register, and lets the others run', { timeout: 120_000 }, async () => {
    const [one, ...others] = cast.map((act) => ({
      name: act,
      hotkey: act === 'strong' ? '5notAHotkey' : devHotkey(`some ${act}`),
      repository: repositoryOf(act),
      commit: null,
    }))
    const report = await week(
      contest.deps,
      contextOf('Some', { miners: [one, ...others], baseline: 'none', isPromotionWanted: false, days: 1 }),
    )
    expect(report.rows.at(-1)).toMatchObject({ name: 'strong', rank: null, status: 'not registered' })
    expect(report.rows.at(-1)?.reason).toMatch(/no SS58 address/)
    expect(report.rows[0]).toMatchObject({ name: 'weak', rank: 1 })
    expect(report).toMatchObject({ isBaselineBeaten: false, promotion: null })
  })

  it('refuses other settings under its name', { timeout: 60_000 }, async () => {
    await week(contest.deps, contextOf('Fixed', { days: 1, baseline: 'none' }))
    const other = week(contest.deps, contextOf('Fixed', { days: 2, baseline: 'none' }))
    await expect(other).rejects.toSatisfy(isInputError)
  })

  it(
    'ends in the same results wherever its process dies',
    { timeout: isSoak ? 1_800_000 : 240_000 },
    async () => {
      const whole = deadAfter(contest.deps, Infinity)
      const mortal = (name: string): object => contextOf(name, { miners: minersOf(name, mortalCast) })
      const expected = await week(whole.deps, mortal('Unbroken'))
      const total = whole.writes.length
      expect(total).toBeGreaterThan(30)
      for (let last = 1; last < total; last += STRIDE) {
        const performed: string[] = []
        const context = mortal(`Dead after ${last}`)
        await expect(week(deadAfter(contest.deps, last).deps, context, performed)).rejects.toSatisfy(
          (error) =>
            error instanceof DeadError || (error instanceof Error && error.message.includes('dead ')),
        )
        const report = await week(contest.deps, context, performed)
        expect(outcomeOf(report), `dead after write ${last}`).toEqual(outcomeOf(expected))
        expect(await promotedFrom(report.tournamentId), `dead after write ${last}`).toEqual(['active'])
        // Runs that were done when it died are not started again.
        expect(performed.length).toBeLessThanOrEqual(mortalRuns + 4)
        const { items } = await contest.deps.repositories.benchmarkRuns.list({
          imageType: 'analytics',
          tournamentId: report.tournamentId,
          limit: 100,
        })
        expect(items).toHaveLength(mortalRuns)
      }
    },
  )
})
