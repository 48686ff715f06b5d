import type { MinerPerformance, PerformancePeriod, TaskPerformance } from '@subnetkit/core'

import { plainTable } from '../plain-table.ts'
import { periodText, plain, share } from './stats-table.ts'

/** One miner's period as a person reads it: what it did, how it was scored, what came of it. */
export function statsStory(miner: MinerPerformance): string {
  const { minerHotkey, minerUid, overallRank, totalTasksScored, totalTasksAttempted } = miner
  const rank = overallRank === null ? 'without a rank' : `rank ${overallRank}`
  return [
    `${minerHotkey} at uid ${minerUid}, ${rank}. ${periodText(periodOfRow(miner))}.`,
    ...(miner.buriedAt === null ? [] : [`Deregistered there on ${instant(miner.buriedAt)}.`]),
    '',
    totalTasksAttempted === 0
      ? 'No attempts are on record.'
      : `Answered ${miner.totalTasksCompleted} of ${totalTasksAttempted} attempts (${share(miner.overallSuccessRate)}), up in ${plain(miner.uptimePercentage)} % of the hours in which it was asked, ${failureText(miner.consecutiveFailures)}.`,
    ...(miner.lastActiveTime === null ? [] : [`Last active ${instant(miner.lastActiveTime)}.`]),
    totalTasksScored === 0
      ? 'No scores are on record.'
      : `Scored ${totalTasksScored} times, ${plain(miner.overallAvgScore)} on average; ${trendText(miner)}.`,
    ...(miner.tasks.length === 0 ? [] : ['', taskTable(miner.tasks)]),
    '',
    ...weightLines(miner),
    incentiveLine(miner),
    '',
    `Computed ${instant(miner.calculatedAt)}.`,
  ].join('\n')
}

/** A hotkey's periods of one type, the newest first. */
export function statsHistory(periods: readonly MinerPerformance[]): string {
  const head = ['from', 'uid', '#', 'score', 'scored', 'answered', 'uptime', 'trend', 'weight', 'incentive']
  const rows = periods.map((row) => [
    row.periodStart.toISOString().slice(0, 10),
    row.buriedAt === null ? String(row.minerUid) : `${row.minerUid} (left)`,
    plain(row.overallRank),
    plain(row.overallAvgScore),
    String(row.totalTasksScored),
    share(row.overallSuccessRate),
    plain(row.uptimePercentage),
    row.performanceTrend.replace('insufficient_data', '–'),
    share(row.submittedWeight),
    share(row.incentive),
  ])
  return plainTable(head, rows)
}

function periodOfRow({
  periodType: type,
  periodStart: start,
  periodEnd: end,
}: MinerPerformance): PerformancePeriod {
  return { type, start, end }
}

function instant(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function failureText(failures: number): string {
  if (failures === 0) return 'and the last one'
  return failures === 1 ? 'but not the last one' : `but none of the last ${failures}`
}

function trendText({ performanceTrend, trendSlope, trendConfidence }: MinerPerformance): string {
  if (performanceTrend === 'insufficient_data') return 'too few scores for a trend'
  const line = `${plain(trendSlope)} a day, correlation ${plain(trendConfidence)}`
  return performanceTrend === 'stable'
    ? `stable (${line})`
    : `${performanceTrend} (${line}) over fourteen days`
}

function taskTable(tasks: readonly TaskPerformance[]): string {
  const head = [
    'task',
    '#',
    'scored',
    'mean',
    'min',
    'p25',
    'median',
    'p75',
    'max',
    'deviation',
    'latest',
    'trend',
    'answered',
  ]
  return plainTable(
    head,
    tasks.map((task) => [
      task.taskName,
      plain(task.rank),
      String(task.tasksScored),
      plain(task.avgScore),
      plain(task.scoreMin),
      plain(task.scoreP25),
      plain(task.scoreMedian),
      plain(task.scoreP75),
      plain(task.scoreMax),
      plain(task.scoreDeviation),
      plain(task.latestScore),
      task.performanceTrend.replace('insufficient_data', '–'),
      task.tasksAttempted === 0 ? '–' : `${task.tasksCompleted} of ${task.tasksAttempted}`,
    ]),
  )
}

function weightLines(miner: MinerPerformance): readonly string[] {
  if (miner.scoringPathway === null) return ['No weights are on record for it.']
  const { scoringPathway, excellenceWeight, diversityWeight, multiTaskBonus, rawCalculatedWeight } = miner
  const way =
    scoringPathway === 'rule'
      ? `Weight by a rule without pathways: raw ${plain(rawCalculatedWeight)}`
      : `Pathway ${scoringPathway}: excellence ${plain(excellenceWeight)}, diversity ${plain(diversityWeight)} with bonus ${plain(multiTaskBonus)}, raw ${plain(rawCalculatedWeight)}`
  const block = miner.weightSubmissionBlock === null ? '' : ` in block ${miner.weightSubmissionBlock}`
  return [
    `${way}; sent ${share(miner.submittedWeight)} of all weight (${plain(miner.submittedValue)})${block}.`,
    ...miner.tasks.flatMap(contributionLine),
  ]
}

function contributionLine(task: TaskPerformance): readonly string[] {
  if (task.weightScore === null) return []
  const place = task.percentileRank === null ? '' : `, percentile ${plain(task.percentileRank)}`
  const qualified = task.isQualified ? ', among the best' : ''
  return [
    `  ${task.taskName}: score ${plain(task.weightScore)}${place}${qualified}, contributed ${plain(task.weightContribution)}, of the raw weight ${plain(task.effectiveContribution)}`,
  ]
}

function incentiveLine({
  incentive,
  incentiveValue,
  consensusRank,
  consensusBlock,
}: MinerPerformance): string {
  if (incentive === null) return 'No incentive is on record for it.'
  const rank = consensusRank === null ? 'no rank by it' : `rank ${consensusRank} by it`
  return `Incentive ${share(incentive)} (${plain(incentiveValue)} of 65535), ${rank}, since the epoch of block ${plain(consensusBlock)}.`
}
