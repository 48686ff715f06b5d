import type {
  AttemptSums,
  MinerAtUid,
  MinerPerformance,
  MinerWeightTrace,
  TaskPerformance,
  TaskScoreSummary,
} from '@subnetkit/core'

import { chainStandings, noStanding } from './chain-standing.ts'
import { competitionRanks } from './competition-ranks.ts'
import { checkPerformanceInput, minerName, type PerformanceInput } from './performance-input.ts'
import { scoreFigures } from './score-figures.ts'
import { scoreTrend } from './score-trend.ts'
import { taskFigures } from './task-figures.ts'
import { weightColumns } from './weight-columns.ts'

/** All that is known of one miner. */
interface MinerSums {
  attempts: AttemptSums | undefined
  /** By task; null for all tasks together. */
  readonly scores: Map<string | null, TaskScoreSummary>
  readonly trends: Map<string | null, TaskScoreSummary>
}

type Unranked = Omit<MinerPerformance, 'overallRank' | 'tasks'> & {
  readonly tasks: readonly Omit<TaskPerformance, 'rank'>[]
}

/**
 * A period's statistics of the listed miners, by uid, then hotkey. The same sums in any order give the same numbers, bit
 * by bit.
 *
 * @throws InputError for a miner that is listed twice, and for traces or neurons that cannot be.
 */
export function computePerformance(input: PerformanceInput): readonly MinerPerformance[] {
  checkPerformanceInput(input)
  const known = sumsByMiner(input)
  const standings = chainStandings(input.neurons)
  const traces = new Map(input.traces.map((trace) => [trace.hotkey, trace]))
  const miners = input.miners.toSorted(byUid).map((miner): Unranked => {
    const name = minerName(miner.minerUid, miner.minerHotkey)
    const trace = traceAt(traces.get(miner.minerHotkey), miner.minerUid)
    return {
      netuid: input.netuid,
      validatorHotkey: input.validatorHotkey,
      periodType: input.period.type,
      periodStart: input.period.start,
      periodEnd: input.period.end,
      ...miner,
      ...activity(known.get(name) ?? noSums(), trace),
      ...weightColumns(trace, input.weightSubmissionBlock),
      ...(standings.get(name) ?? noStanding),
      calculatedAt: input.calculatedAt,
      buriedAt: null,
    }
  })
  return ranked(miners)
}

function byUid(a: MinerAtUid, b: MinerAtUid): number {
  if (a.minerUid !== b.minerUid) return a.minerUid - b.minerUid
  return a.minerHotkey < b.minerHotkey ? -1 : 1
}

/** A trace is the miner's unless its hotkey stood at another uid then. */
function traceAt(trace: MinerWeightTrace | undefined, uid: number): MinerWeightTrace | null {
  return trace === undefined || (trace.uid !== null && trace.uid !== uid) ? null : trace
}

function noSums(): MinerSums {
  return { attempts: undefined, scores: new Map(), trends: new Map() }
}

function sumsByMiner({ attempts, scores, trends }: PerformanceInput): ReadonlyMap<string, MinerSums> {
  const known = new Map<string, MinerSums>()
  const of = (uid: number, hotkey: string): MinerSums => {
    const name = minerName(uid, hotkey)
    const sums = known.get(name) ?? noSums()
    known.set(name, sums)
    return sums
  }
  for (const sums of attempts) of(sums.minerUid, sums.minerHotkey).attempts = sums
  for (const summary of scores) of(summary.uid, summary.hotkey).scores.set(summary.taskName, summary)
  for (const summary of trends) of(summary.uid, summary.hotkey).trends.set(summary.taskName, summary)
  return known
}

function activity({ attempts, scores, trends }: MinerSums, trace: MinerWeightTrace | null) {
  const names = new Set([
    ...(attempts?.tasks ?? []).map(({ taskName }) => taskName),
    ...[...scores.keys()].filter((name) => name !== null),
    ...(trace?.tasks ?? []).map(({ task }) => task),
  ])
  const tasks = [...names].toSorted().map((taskName) =>
    taskFigures({
      taskName,
      attempts: attempts?.tasks.find((task) => task.taskName === taskName),
      scores: scores.get(taskName),
      trend: trends.get(taskName),
      trace,
    }),
  )
  const all = scores.get(null)
  const { attempted = 0, completed = 0, hoursAsked = 0, hoursAnswered = 0 } = attempts ?? {}
  const trendTasks = [...trends.keys()].filter((name) => name !== null).toSorted()
  return {
    totalTasksAttempted: attempted,
    totalTasksCompleted: completed,
    totalTasksScored: all?.count ?? 0,
    overallSuccessRate: attempted === 0 ? null : completed / attempted,
    overallAvgScore: all?.mean ?? null,
    ...scoreFigures(all),
    ...scoreTrend(trendTasks.flatMap((name) => trends.get(name) ?? [])),
    lastActiveTime: attempted === 0 ? (all?.latestAt ?? null) : (attempts?.lastAnsweredAt ?? null),
    consecutiveFailures: attempts?.consecutiveFailures ?? 0,
    uptimePercentage: hoursAsked === 0 ? null : (hoursAnswered / hoursAsked) * 100,
    tasks,
  }
}

function ranked(miners: readonly Unranked[]): readonly MinerPerformance[] {
  const overall = competitionRanks(miners.map(({ overallAvgScore }) => overallAvgScore))
  const names = new Set(miners.flatMap(({ tasks }) => tasks.map(({ taskName }) => taskName)))
  const byTask = new Map(
    [...names].map((name) => [
      name,
      competitionRanks(
        miners.map(({ tasks }) => tasks.find(({ taskName }) => taskName === name)?.avgScore ?? null),
      ),
    ]),
  )
  return miners.map((miner, at) => ({
    ...miner,
    overallRank: overall[at] ?? null,
    tasks: miner.tasks.map((task) => ({ ...task, rank: byTask.get(task.taskName)?.[at] ?? null })),
  }))
}
