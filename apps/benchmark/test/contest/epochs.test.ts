import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { addSubmission } from '../../src/tasks/submissions/add-submission.ts'
import { cleanUp } from '../../src/tasks/clean-up.ts'
import { type OrchestratedDay, orchestrateDay } from '../../src/tasks/contests/orchestrate-day.ts'
import { rankScores } from '../../src/tasks/contests/rank-scores.ts'
import { scoreEpoch } from '../../src/tasks/contests/score-epoch.ts'
import { runPaths, submissionPaths } from '../../src/tasks/work-paths.ts'
import { devHotkey } from '../../src/week/dev-hotkey.ts'
import { type Act, actedDeps, type Contest, openContest, perform, repositoryOf } from './open-contest.ts'

let contest: Contest
beforeAll(async () => {
  contest = await openContest()
}, 120_000)
afterAll(async () => {
  await contest[Symbol.asyncDispose]()
})

async function enter(act: Act): Promise<string> {
  const hotkey = devHotkey(`epoch ${act}`)
  const submission = { hotkey, imageType: 'analytics', repository: repositoryOf(act), commit: null }
  await perform(addSubmission, actedDeps(contest.deps), submission)
  return hotkey
}

describe('epochs outside of tournaments', () => {
  it(
    'run day by day, catch up what was missed, are scored once and ranked',
    { timeout: 120_000 },
    async () => {
      const performed: string[] = []
      const day = async (testDate: string): Promise<OrchestratedDay> =>
        await perform(orchestrateDay, actedDeps(contest.deps, performed), {
          imageType: 'analytics',
          testDate,
        })
      const strong = await enter('strong')
      const weak = await enter('weak')
      await enter('refused')

      expect(await day('2025-08-01')).toMatchObject({ epochs: 2, totalRuns: 8, foundDone: 0, scored: [] })
      expect(await day('2025-08-01')).toMatchObject({ totalRuns: 8, foundDone: 8, refused: [] })
      expect(performed).toHaveLength(8)
      const { benchmarkEpochs, submissions } = contest.deps.repositories
      const key = { hotkey: strong, imageType: 'analytics' as const }
      const epoch = await benchmarkEpochs.findActive(key)
      expect(epoch).toMatchObject({ status: 'running', startDate: '2025-08-01', endDate: '2025-08-07' })
      expect((await submissions.get(key)).status).toBe('active')
      expect((await submissions.get({ ...key, hotkey: devHotkey('epoch refused') })).status).toBe('failed')
      const { epochId = '' } = epoch ?? {}
      await expect(perform(cleanUp, { ...actedDeps(contest.deps) }, { epochId })).rejects.toThrow(
        /is in use: epoch/,
      )

      // The machine was away for the rest of the week: the last day does all.
      expect(await day('2025-08-07')).toMatchObject({
        totalRuns: 2 * 4 * 7,
        foundDone: 8,
        scored: [{ finalScore: expect.any(Number) }, { finalScore: expect.any(Number) }],
      })
      expect(new Set(performed).size).toBe(performed.length)
      expect(await benchmarkEpochs.get({ epochId })).toMatchObject({ status: 'completed' })
      const again = await perform(scoreEpoch, contest.deps, { epochId })
      const ranked = await perform(rankScores, contest.deps, {
        imageType: 'analytics',
        isTournamentIncluded: false,
      })
      expect(ranked.map(({ hotkey, rank }) => `${rank} ${hotkey}`)).toEqual([`1 ${strong}`, `2 ${weak}`])
      expect(ranked[0]?.finalScore).toBe(again.finalScore)
      expect(again).toMatchObject({ daysCompleted: 7, runsCompleted: 28, isWithinTimeLimit: true })

      expect(await day('2025-08-08')).toMatchObject({ epochs: 2, totalRuns: 8 })
      expect((await benchmarkEpochs.findActive(key))?.startDate).toBe('2025-08-08')
    },
  )

  it('are cleaned up when nothing of the submission waits or runs', { timeout: 60_000 }, async () => {
    const { benchmarkEpochs, benchmarkRuns } = contest.deps.repositories
    const { items } = await benchmarkEpochs.list({ hotkey: devHotkey('epoch weak'), limit: 10 })
    const ended = items.find(({ status }) => status === 'completed')
    const running = items.find(({ status }) => status === 'running')
    if (ended === undefined || running === undefined)
      throw new Error('the epochs of the test before are gone')
    const now = contest.deps.clock.now()
    await benchmarkEpochs.put({ epoch: { ...running, status: 'completed', completedAt: now } })
    const { tree } = submissionPaths(contest.deps.workFolder, ended)
    await mkdir(tree, { recursive: true })
    await writeFile(join(tree, 'Dockerfile'), 'FROM subnetkit/node:1\n')
    const runs = await benchmarkRuns.list({ imageType: 'analytics', epochId: ended.epochId, limit: 1 })
    const { folder } = runPaths(contest.deps.workFolder, runs.items[0]?.runId ?? '')
    await mkdir(folder, { recursive: true })
    const cleaned = await perform(cleanUp, actedDeps(contest.deps), { epochId: ended.epochId })
    expect(cleaned).toMatchObject({ hotkey: ended.hotkey, runFolders: 28 })
    await expect(stat(tree)).rejects.toThrow('ENOENT')
    await expect(stat(folder)).rejects.toThrow('ENOENT')
    await expect(
      perform(cleanUp, actedDeps(contest.deps), { epochId: ended.epochId }),
    ).resolves.toMatchObject({ isDatabaseArchived: false })
  })
})
