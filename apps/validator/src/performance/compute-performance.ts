import type { MinerAtUid, MinerPerformance, MinerWeightTrace, TaskPerformance } from '@subnetkit/core'

import { attemptFigures, type MinerAttempt } from './attempt-figures.ts'
import { chainStandings, noStanding } from './chain-standing.ts'
import { competitionRanks } from './competition-ranks.ts'
import {
  checkPerformanceInput,
  minerName,
  type PerformanceInput,
  type PerformanceScore,
} from './performance-input.ts'
import { scoreDistribution, sortScores } from './score-distribution.ts'
import { scoreTrend, type TimedScore } from './score-trend.ts'
import { taskFigures, timed, type GivenScore } from './task-figures.ts'
import { weightColumns } from './weight-columns.ts'

/** Scores of this long before a period's end make its trend. */
const TREND_WINDOW_MS = 14 * 86_400_000

/** All that is known of one miner. */
interface MinerEvents {
  readonly attempts: MinerAttempt[]
  readonly scores: GivenScore[]
  readonly trendScores: GivenScore[]
}

type Unranked = Omit<MinerPerformance, 'overallRank' | 'tasks'> & {
  readonly tasks: readonly Omit<TaskPerformance, 'rank'>[]
}

/**
 * A period's statistics of the listed miners, by uid, then hotkey. Events of the period's end belong to the next one.
 * The same events in any order give the same numbers, bit by bit.
 *
 * @throws InputError for a miner that is listed twice, and for traces, neurons or scores that cannot be.
 */
export function computePerformance(input: PerformanceInput): readonly MinerPerformance[] {
  checkPerformanceInput(input)
  const events = eventsByMiner(input)
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
      ...activity(events.get(name) ?? noEvents(), trace),
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

function noEvents(): MinerEvents {
  return { attempts: [], scores: [], trendScores: [] }
}

function eventsByMiner(input: PerformanceInput): ReadonlyMap<string, MinerEvents> {
  const { start, end } = input.period
  const events = new Map(
    input.miners.map(({ minerUid, minerHotkey }) => [minerName(minerUid, minerHotkey), noEvents()]),
  )
  for (const attempt of input.attempts) {
    if (attempt.at < start || attempt.at >= end) continue
    events.get(minerName(attempt.uid, attempt.hotkey))?.attempts.push(attempt)
  }
  // A period that is not over yet ends now as far as its trend goes.
  const trendStart = Math.min(end.getTime(), input.calculatedAt.getTime()) - TREND_WINDOW_MS
  for (const score of input.scores) {
    if (!isGiven(score) || score.scoredAt >= end) continue
    const own = events.get(minerName(score.uid, score.hotkey))
    if (score.scoredAt >= start) own?.scores.push(score)
    if (score.scoredAt.getTime() >= trendStart) own?.trendScores.push(score)
  }
  return events
}

function isGiven(score: PerformanceScore): score is GivenScore {
  return score.score !== null
}

function activity({ attempts, scores, trendScores }: MinerEvents, trace: MinerWeightTrace | null) {
  const names = new Set([
    ...attempts.map(({ taskName }) => taskName),
    ...scores.map(({ taskName }) => taskName),
    ...(trace?.tasks ?? []).map(({ task }) => task),
  ])
  const tasks = [...names].toSorted().map((taskName) => {
    const isOfTask = (event: { readonly taskName: string }): boolean => event.taskName === taskName
    return taskFigures({
      taskName,
      attempts: attempts.filter(isOfTask),
      scores: scores.filter(isOfTask),
      trendScores: trendScores.filter(isOfTask),
      trace,
    })
  })
  const overall = attemptFigures(attempts)
  const sorted = sortScores(scores.map(({ score }) => score))
  return {
    totalTasksAttempted: overall.attempted,
    totalTasksCompleted: overall.completed,
    totalTasksScored: scores.length,
    overallSuccessRate: overall.successRate,
    overallAvgScore: sorted.mean,
    ...scoreDistribution(sorted),
    ...scoreTrend(trendsByTask(trendScores)),
    lastActiveTime: attempts.length === 0 ? newestScore(scores) : overall.lastAnsweredAt,
    consecutiveFailures: overall.consecutiveFailures,
    uptimePercentage: overall.uptimePercentage,
    tasks,
  }
}

function trendsByTask(scores: readonly GivenScore[]): readonly (readonly TimedScore[])[] {
  const names = new Set(scores.map(({ taskName }) => taskName))
  return [...names].toSorted().map((name) => timed(scores.filter(({ taskName }) => taskName === name)))
}

function newestScore(scores: readonly GivenScore[]): Date | null {
  let newest: Date | null = null
  for (const { scoredAt } of scores) if (newest === null || scoredAt > newest) newest = scoredAt
  return newest
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
