import {
  BASELINE_HOTKEY,
  type BenchmarkEpoch,
  type BenchmarkScore,
  benchmarkDayContextSchema,
  defineTask,
  type ImageType,
  type TaskControl,
  type UtcDate,
} from '@subnetkit/core'

import type { BenchmarkDeps } from '../../benchmark-deps.ts'
import { epochIdOf } from '../../benchmark-ids.ts'
import { minerDatabaseName } from '../../miner-database-name.ts'
import { lockNames } from '../../ports/locks.ts'
import { planDay } from '../../tournament/planned-run.ts'
import { STANDALONE_EPOCH } from '../../tournament/standalone-epoch.ts'
import { addDays, daysFrom } from '../../tournament/utc-days.ts'
import { allPages } from '../all-pages.ts'
import type { ContestDeps } from './contest-deps.ts'
import { performPlannedRuns } from './perform-planned-runs.ts'
import { prepareEpoch } from './prepare-epoch.ts'
import { rankScores } from './rank-scores.ts'
import type { LeftParticipant } from './judge-participants.ts'
import { scoreEpoch } from './score-epoch.ts'
import { withinLock } from '../within-lock.ts'

type Deps = ContestDeps & Pick<BenchmarkDeps, 'standalone'>

/** What a day outside of tournaments came to. */
export interface OrchestratedDay {
  readonly testDate: UtcDate
  /** Epochs that ran on this day or caught up. */
  readonly epochs: number
  readonly totalRuns: number
  readonly foundDone: number
  readonly refused: readonly LeftParticipant[]
  /** Epochs that ended and were scored now. */
  readonly scored: readonly BenchmarkScore[]
}

/**
 * A day of all submissions outside of tournaments, the active baseline among them: who has no epoch gets one from this day on,
 * every epoch runs its days up to this one that are not done, and those that ended are scored and ranked. A day that the
 * machine missed is caught up: worlds follow from their date.
 */
export const orchestrateDay = defineTask({
  name: 'orchestrate-day',
  context: benchmarkDayContextSchema,
  run: async (deps: Deps, { imageType, testDate }, control): Promise<OrchestratedDay> => {
    const refused: LeftParticipant[] = []
    const ready: BenchmarkEpoch[] = []
    const failures: unknown[] = []
    const scored: BenchmarkScore[] = []
    for (const runner of await findRunners(deps, imageType, control.signal)) {
      try {
        const left = await endedEpoch(deps, runner, testDate, control)
        if (left !== null) {
          await performDays(deps, [left], left.endDate, control)
          scored.push(await control.runNested(scoreEpoch, deps, { epochId: left.epochId }))
        }
        const epoch = await prepareEpoch(deps, await epochOf(deps, runner, testDate, control), control)
        if (epoch.status === 'running') ready.push(epoch)
        if (epoch.status === 'failed')
          refused.push({ hotkey: epoch.hotkey, reason: epoch.errorMessage ?? 'failed' })
      } catch (error) {
        control.signal.throwIfAborted()
        control.log.warn({ hotkey: runner.hotkey, err: error }, 'a submission could not be prepared')
        failures.push(error)
      }
    }
    const done = await performDays(deps, ready, testDate, control)
    for (const { epochId, endDate } of ready) {
      if (testDate >= endDate) scored.push(await control.runNested(scoreEpoch, deps, { epochId }))
    }
    if (scored.length > 0)
      await control.runNested(rankScores, deps, { imageType, isTournamentIncluded: false })
    if (failures.length > 0) throw failures[0]
    return { testDate, epochs: ready.length, ...done, refused, scored }
  },
})

type Runner = Pick<BenchmarkEpoch, 'hotkey' | 'imageType' | 'participantType' | 'repository' | 'commit'>

async function findRunners(
  deps: Deps,
  imageType: ImageType,
  signal: AbortSignal,
): Promise<readonly Runner[]> {
  const { baselines, submissions } = deps.repositories
  const baseline = await baselines.findActive({ imageType }, { signal })
  const miners = await allPages((page) => submissions.list({ imageType, ...page }, { signal }))
  return [
    ...(baseline === null
      ? []
      : [{ ...pick(baseline), hotkey: BASELINE_HOTKEY, participantType: 'baseline' as const }]),
    ...miners
      .filter(({ status }) => status === 'active' || status === 'pending')
      .map((miner) => ({ ...pick(miner), hotkey: miner.hotkey, participantType: 'miner' as const })),
  ]
}

function pick(
  from: Pick<Runner, 'imageType' | 'repository' | 'commit'>,
): Pick<Runner, 'imageType' | 'repository' | 'commit'> {
  return { imageType: from.imageType, repository: from.repository, commit: from.commit }
}

/** An epoch whose last day has passed and that nobody scored: the machine was away at its end. */
async function endedEpoch(
  deps: Deps,
  { hotkey, imageType }: Runner,
  testDate: UtcDate,
  { signal }: TaskControl,
): Promise<BenchmarkEpoch | null> {
  const epoch = await deps.repositories.benchmarkEpochs.findActive({ hotkey, imageType }, { signal })
  return epoch !== null && epoch.status === 'running' && epoch.endDate < testDate ? epoch : null
}

async function epochOf(
  deps: Deps,
  runner: Runner,
  testDate: UtcDate,
  { signal }: TaskControl,
): Promise<BenchmarkEpoch> {
  const { benchmarkEpochs } = deps.repositories
  const { hotkey, imageType } = runner
  const name = lockNames.submission(imageType, hotkey)
  return await withinLock(deps.locks, name, signal, async (held) => {
    const options = { signal: held }
    const active = await benchmarkEpochs.findActive({ hotkey, imageType }, options)
    if (active !== null && active.endDate >= testDate) return active
    const epochId = epochIdOf({ tournamentId: null, imageType, hotkey, startDate: testDate })
    const ended = await benchmarkEpochs.find({ epochId }, options)
    if (ended !== null) return ended
    const epoch: BenchmarkEpoch = {
      ...runner,
      epochId,
      tournamentId: null,
      startDate: testDate,
      endDate: addDays(testDate, STANDALONE_EPOCH.days - 1),
      status: 'pending',
      treeSha256: null,
      image: null,
      minerDatabaseName: minerDatabaseName({ prefix: deps.databasePrefix, imageType, hotkey }),
      errorMessage: null,
      createdAt: deps.clock.now(),
      completedAt: null,
    }
    await benchmarkEpochs.put({ epoch }, options)
    return epoch
  })
}

async function performDays(
  deps: Deps,
  epochs: readonly BenchmarkEpoch[],
  last: UtcDate,
  control: TaskControl,
): Promise<{ totalRuns: number; foundDone: number }> {
  const starts = epochs.map(({ startDate }) => startDate).toSorted()
  const total = { totalRuns: 0, foundDone: 0 }
  for (const date of daysFrom(starts[0] ?? last, last)) {
    const runners = epochs
      .filter(({ startDate, endDate }) => startDate <= date && date <= endDate)
      .map(({ epochId, hotkey, imageType, participantType }) => ({
        epochId,
        hotkey,
        imageType,
        order: participantType === 'baseline' ? 0 : 1,
      }))
    const { networks, windowDays } = STANDALONE_EPOCH
    const planned = planDay(runners, { testDate: date, networks, windowDays })
    const { runs, foundDone } = await performPlannedRuns(deps, planned, control)
    total.totalRuns += runs.length
    total.foundDone += foundDone
  }
  return total
}
