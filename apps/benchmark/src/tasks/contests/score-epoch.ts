import {
  BASELINE_HOTKEY,
  type BenchmarkEpoch,
  benchmarkEpochContextSchema,
  type BenchmarkRun,
  type BenchmarkScore,
  type CallOptions,
  defineTask,
  InputError,
} from '@subnetkit/core'

import type { BenchmarkDeps } from '../../benchmark-deps.ts'
import { lockNames } from '../../ports/locks.ts'
import { baselineTimesOf, scoreParticipant, type ScoringTerms } from '../../tournament/score-participant.ts'
import { STANDALONE_EPOCH } from '../../tournament/standalone-epoch.ts'
import { daysFrom } from '../../tournament/utc-days.ts'
import { allPages } from '../all-pages.ts'
import type { RecordDeps } from './contest-deps.ts'
import { isFinalRun } from '../runs/run-row.ts'
import { earnedOf } from './score-row.ts'
import { withinLock } from '../within-lock.ts'

/** What scoring an epoch works with. */
export type ScoreEpochDeps = RecordDeps & Pick<BenchmarkDeps, 'standalone'>

/**
 * Scores an epoch outside of tournaments over all runs that it should have, and completes it; runs that never took place
 * count as 0. The baseline's times are those of its own runs in these days. Scoring again gives the same and replaces it.
 *
 * @throws InputError while a run is not over, and for an epoch of a tournament, which is scored as a whole.
 */
export const scoreEpoch = defineTask({
  name: 'score-epoch',
  context: benchmarkEpochContextSchema,
  run: async (deps: ScoreEpochDeps, { epochId }, { signal }): Promise<BenchmarkScore> => {
    const { benchmarkEpochs, benchmarkScores } = deps.repositories
    return await withinLock(deps.locks, lockNames.epoch(epochId), signal, async (held) => {
      const options = { signal: held }
      const epoch = await benchmarkEpochs.get({ epochId }, options)
      if (epoch.tournamentId !== null) throw ofTournament(epoch)
      const { imageType } = epoch
      const runs = await allPages((page) =>
        deps.repositories.benchmarkRuns.list({ imageType, epochId, ...page }, options),
      )
      const running = runs.find((run) => !isFinalRun(run))
      if (running !== undefined) throw notOver(epoch, running)
      const outReason = epoch.status === 'failed' ? (epoch.errorMessage ?? 'failed') : null
      const times = baselineTimesOf(await baselineRuns(deps, epoch, options))
      const now = deps.clock.now()
      const score: BenchmarkScore = {
        imageType,
        hotkey: epoch.hotkey,
        epochId,
        tournamentId: null,
        participantType: epoch.participantType,
        ...earnedOf(scoreParticipant(runs, outReason, times, termsOfEpoch(deps, epoch)), now),
        rank: null,
      }
      await benchmarkScores.put({ scores: [score] }, options)
      if (epoch.status !== 'failed' && epoch.status !== 'completed') {
        await benchmarkEpochs.put({ epoch: { ...epoch, status: 'completed', completedAt: now } }, options)
      }
      return score
    })
  },
})

function termsOfEpoch({ standalone }: ScoreEpochDeps, { startDate, endDate }: BenchmarkEpoch): ScoringTerms {
  const { networks, windowDays } = STANDALONE_EPOCH
  const expected = daysFrom(startDate, endDate).flatMap((testDate) =>
    networks.flatMap((network) => windowDays.map((days) => ({ testDate, network, windowDays: days }))),
  )
  return { ruleSet: standalone.ruleSet, timeLimitMs: standalone.timeLimitMs, expected }
}

async function baselineRuns(
  { repositories }: ScoreEpochDeps,
  { imageType, startDate, endDate }: BenchmarkEpoch,
  options: CallOptions,
): Promise<readonly BenchmarkRun[]> {
  const runs = await allPages((page) =>
    repositories.benchmarkRuns.list({ imageType, hotkey: BASELINE_HOTKEY, ...page }, options),
  )
  return runs.filter(
    ({ tournamentId, testDate }) => tournamentId === null && testDate >= startDate && testDate <= endDate,
  )
}

function ofTournament({ epochId }: BenchmarkEpoch): InputError {
  return new InputError({
    field: 'epochId',
    value: epochId,
    problem: 'belongs to a tournament',
    hint: 'score the whole: benchmark tournament score',
  })
}

function notOver({ epochId }: BenchmarkEpoch, { testDate, network, status }: BenchmarkRun): InputError {
  return new InputError({
    field: 'epochId',
    value: epochId,
    problem: `is not over: a run of ${testDate} on ${network} is ${status}`,
    hint: 'finish the day first: benchmark tournament orchestrate',
  })
}
